// Whose servers may be measured: a load generator against somebody else's machine is an attack, whatever was meant. This machine and
// private networks are taken to be one's own; everything else needs the flag that says so.
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import { UsageError } from '../usage-error.ts';

export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveByDns: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/** Throws a UsageError unless every address that the host has is near, or the person has said that it is theirs. */
export async function checkReach(
  url: string,
  isOtherMachineAllowed: boolean,
  resolve: Resolve = resolveByDns,
): Promise<void> {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = net.isIP(host) === 0 ? await addressesOf(host, resolve) : [host];
  if (isOtherMachineAllowed || addresses.every(isNear)) return;
  throw new UsageError(
    `${host} is neither this machine nor in a private network. Hundreds of connections to somebody else's server are an attack: measure it only if it is yours, or if its owner has agreed, and then say --yes-other-machine.`,
  );
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch {
    throw new UsageError(`${host} is not known: no address was found for this name. Is it spelled right?`);
  }
}

const near = new net.BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  near.addSubnet(network, bits, 'ipv4');
near.addAddress('::1', 'ipv6');
// Unique local, and link-local.
near.addSubnet('fc00::', 7, 'ipv6');
near.addSubnet('fe80::', 10, 'ipv6');

/** Of loopback, private and link-local addresses; also of version 4 written as version 6. */
export function isNear(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  const version = net.isIP(plain);
  return version !== 0 && near.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}
