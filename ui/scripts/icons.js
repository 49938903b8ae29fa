// Draws the icons when the page is built. As the set ships them, each icon builds its lines one by one
// whenever it is shown, some 0.7 ms apiece in the window of a slow machine; as markup it is a copy of
// one node. What an icon takes stays the same: `size`, `strokeWidth`, `class`, and what any SVG takes.

const ICON = /\/@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/;
const DATA = /^const iconData = (\{.*\});$/m;

/**
 * The source of a component that shows an icon.
 * @param {string} shipped The component as the set ships it.
 */
export function drawn(shipped) {
  const data = DATA.exec(shipped)?.[1];
  if (!data) throw new Error('an icon of another form than expected');
  /** @type {{ size: number, node: [string, Record<string, string>][] }} */
  const { size, node } = JSON.parse(data);
  const lines = node.map(([tag, attributes]) => {
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
    return `<${tag}${written.join('')} />`;
  });
  return `<script>
  const { size = 24, strokeWidth = 2, ...rest } = $props();
</script>

<svg viewBox="0 0 ${size} ${size}" width={size} height={size} fill="none" stroke="currentColor"
  stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round"
  aria-hidden={rest['aria-label'] ? undefined : 'true'} {...rest}>${lines.join('')}</svg>
`;
}

/** @returns {import('vite').Plugin} */
export function iconsPlugin() {
  return {
    name: 'anjuan-icons',
    enforce: 'pre',
    transform: {
      filter: { id: ICON },
      handler: (code) => ({ code: drawn(code), map: null }),
    },
  };
}
