// The compiled guide, one module for each language (see scripts/guide.js).
declare module 'virtual:guide/*' {
  const guide: import('./guide').Guide;
  export default guide;
}
