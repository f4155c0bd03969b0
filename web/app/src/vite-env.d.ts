/** Modules that only the build knows. */
declare module 'virtual:world-shapes' {
  const url: string;
  export default url;
}
declare module '*.css';
