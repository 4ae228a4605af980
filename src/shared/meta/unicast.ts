/**
 * Returns whether the text is an address of global unicast in Go's sense: none of loopback, of one link, of many hosts, or
 * unspecified, however it is written.
 */
export function isUnicastOfOthers(ip: string): boolean {
  const host = /^[\d.]+$/.test(ip) ? ip : /^[\da-f:.]+$/i.test(ip) ? `[${ip}]` : '';
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  if (hostname.startsWith('[')) return !/^\[(::1?\]|::ffff:|fe[89ab]|ff)/.test(hostname);
  // URLs know shorter ways to write an IPv4 address, and octal ones.
  if (hostname !== ip) return false;
  const [first = 0, second] = ip.split('.').map(Number);
  const isLinkLocal = first === 169 && second === 254;
  return first !== 0 && first !== 127 && first < 224 && !isLinkLocal;
}
