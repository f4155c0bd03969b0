/** The words around places. */
export const WORDS = { places: 'Places', countries: 'Countries', languages: 'Languages', visitors: 'visitors' } as const;
