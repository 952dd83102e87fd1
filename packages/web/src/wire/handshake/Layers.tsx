// What lies under the frames: WebSocket on TLS, if there is any, on TCP and IP, each with what is known of it here.
import type { OpenRecord } from '@wireroom/capture';
import { useSay } from '../words/words.ts';
import styles from './Layers.module.css';

export function Layers({ open }: { readonly open: OpenRecord | undefined }) {
  const say = useSay();
  if (open === undefined) return null;
  const { tls, client, server } = open;
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{say('layers.title')}</h3>
      <ol className={styles.stack}>
        <li className={styles.layer} data-layer="ws">
          <strong>WebSocket</strong>
          <span>{say('layers.ws')}</span>
        </li>
        <li className={styles.layer} data-layer={tls === undefined ? 'none' : 'tls'}>
          <strong>TLS</strong>
          {tls === undefined ? (
            <span>{say('layers.noTls')}</span>
          ) : (
            <span>
              {say('layers.tls', { protocol: tls.protocol, cipher: tls.cipher })}
              {tls.alpn !== undefined && ` ${say('layers.alpn', { alpn: tls.alpn })}`}
              {tls.serverName !== undefined && ` ${say('layers.serverName', { name: tls.serverName })}`}
            </span>
          )}
        </li>
        <li className={styles.layer} data-layer="tcp">
          <strong>TCP</strong>
          <span>{say('layers.tcp', { client: client.port, server: server.port })}</span>
        </li>
        <li className={styles.layer} data-layer="ip">
          <strong>IP</strong>
          <span>{say('layers.ip', { client: client.address, server: server.address })}</span>
        </li>
      </ol>
    </section>
  );
}
