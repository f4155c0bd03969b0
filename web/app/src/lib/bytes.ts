/** Sizes on a disk, as people read them. */
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number): string {
  let size = bytes / 1024;
  let at = 0;
  while (size >= 1000 && at < UNITS.length - 1) {
    size /= 1024;
    at += 1;
  }
  return `${size.toFixed(size > 0 && size < 10 ? 1 : 0)} ${UNITS[at]}`;
}
