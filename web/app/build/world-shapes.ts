/**
 * Projects the world's countries into SVG paths at build time, so that no map library is shipped.
 * The 110 m shapes miss 60-odd small countries; those become a dot where the 50 m shapes place them,
 * because a visitor from Singapore must be somewhere on the map.
 */
import { createRequire } from 'node:module';
import { geoCentroid, geoEqualEarth, geoPath } from 'd3-geo';
import iso from 'iso-3166-1';
import { feature } from 'topojson-client';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
export const WORLD_WIDTH = 960;
export const WORLD_HEIGHT = 440;
const ANTARCTICA = '010';
const KOSOVO_NAME = 'Kosovo';

interface Place {
  id?: string;
  properties: { name: string };
}

function readCountries(resolution: '110m' | '50m') {
  const topology = require(`world-atlas/countries-${resolution}.json`);
  // biome-ignore lint/suspicious/noExplicitAny: the atlas ships without types
  return (feature(topology, topology.objects.countries) as any).features as (Place & GeoJSON.Feature)[];
}

function findCode(place: Place): string | undefined {
  if (place.properties.name === KOSOVO_NAME) return 'XK';
  return place.id === undefined ? undefined : iso.whereNumeric(String(place.id).padStart(3, '0'))?.alpha2;
}

/** `{"shapes": {"DE": "M…"}, "dots": {"SG": [x, y]}}`, in a box of WORLD_WIDTH by WORLD_HEIGHT. */
export function projectWorld() {
  const drawn = readCountries('110m').filter((place) => place.id !== ANTARCTICA);
  const projection = geoEqualEarth().fitSize([WORLD_WIDTH, WORLD_HEIGHT], { type: 'FeatureCollection', features: drawn });
  const draw = geoPath(projection).digits(1);
  const shapes: Record<string, string> = {};
  const dots: Record<string, [number, number]> = {};
  for (const place of drawn) {
    const path = draw(place);
    if (path) shapes[findCode(place) ?? `-${place.properties.name}`] = path;
  }
  for (const place of readCountries('50m')) {
    const code = findCode(place);
    const at = projection(geoCentroid(place));
    if (code && at && place.id !== ANTARCTICA && !shapes[code]) dots[code] = [Math.round(at[0]), Math.round(at[1])];
  }
  return { shapes, dots };
}

export function worldShapes(): Plugin {
  const name = 'virtual:world-shapes';
  const json = JSON.stringify(projectWorld());
  const path = '/assets/world-shapes.json';
  let serving = false;
  return {
    name: 'candor-world-shapes',
    configureServer(server) {
      serving = true;
      server.middlewares.use(path, (_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(json);
      });
    },
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      if (serving) return `export default ${JSON.stringify(path)}`;
      const file = this.emitFile({ type: 'asset', name: 'world-shapes.json', source: json });
      return `export default import.meta.ROLLUP_FILE_URL_${file}`;
    },
  };
}
