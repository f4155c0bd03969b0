/** The shape in which the generated schema writes an operation down, for those that are written by hand. */

interface Operation<Answer, Body, Query, Path> {
  parameters: { query?: Query; header?: never; cookie?: never } & ([Path] extends [never] ? { path?: never } : { path: Path });
  requestBody?: { content: { 'application/json': Body } };
  responses: {
    200: { headers: Record<string, unknown>; content: { 'application/json': Answer } };
    400: { headers: Record<string, unknown>; content: { 'application/json': { error: string; field?: string } } };
  };
}
export type Read<Answer, Query = never, Path = never> = Omit<Operation<Answer, never, Query, Path>, 'requestBody'>;
export type Act<Answer, Body = never, Query = never, Path = never> = Operation<Answer, Body, Query, Path>;
export type Done = undefined;
