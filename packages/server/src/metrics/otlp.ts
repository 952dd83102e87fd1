// Sends traces to an OpenTelemetry collector by OTLP over HTTP. The packages are loaded only where traces are asked for. A collector
// that does not answer costs a bounded queue and one line in the log, not the chat.
import type { MessageTrace } from './message-traces.ts';

/** Bounds of what waits for the collector: spans, and milliseconds. */
export const TRACE_LIMITS = {
  /** Past it spans are dropped. A message is eight of them. */
  spansWaitingMax: 4_096,
  spansPerExportMax: 512,
  exportEveryMs: 2_000,
  exportTimeoutMs: 10_000,
  /** How long a stop waits for the last of them. */
  stopMsMax: 3_000,
  /** A collector that stays away is told of again after so long. */
  warnEveryMs: 10 * 60_000,
} as const;

export interface TraceSender {
  send(trace: MessageTrace): void;
  stop(): Promise<void>;
}

export interface TraceSenderParts {
  readonly version: string;
  readonly warn: (message: string) => void;
  readonly now: () => number;
}

export async function openTraceSender(parts: TraceSenderParts): Promise<TraceSender> {
  const [api, sdk, resources, exporting] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  // The address, headers and time-out are read from OTEL_EXPORTER_OTLP_… by the exporter itself.
  const exporter = new exporting.OTLPTraceExporter();
  const told = tellOfFailures(parts);
  const exportSpans = exporter.export.bind(exporter);
  exporter.export = (spans, done) =>
    exportSpans(spans, (result) => {
      // 0: success, as @opentelemetry/core numbers it.
      told(result.code === 0 ? undefined : (result.error?.message ?? 'no reason was given'));
      done(result);
    });
  const provider = new sdk.BasicTracerProvider({
    resource: resources
      .defaultResource()
      .merge(
        resources.resourceFromAttributes({ 'service.name': 'wireroom', 'service.version': parts.version }),
      )
      // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    sampler: new sdk.AlwaysOnSampler(),
    spanProcessors: [
      new sdk.BatchSpanProcessor(exporter, {
        maxQueueSize: TRACE_LIMITS.spansWaitingMax,
        maxExportBatchSize: TRACE_LIMITS.spansPerExportMax,
        scheduledDelayMillis: TRACE_LIMITS.exportEveryMs,
        exportTimeoutMillis: TRACE_LIMITS.exportTimeoutMs,
      }),
    ],
  });
  const tracer = provider.getTracer('wireroom', parts.version);
  return {
    send(trace) {
      const { attributes, name, beganAt, endedAt, refused, children } = trace;
      const root = tracer.startSpan(
        name,
        { attributes, startTime: hrTime(beganAt), kind: api.SpanKind.SERVER },
        api.ROOT_CONTEXT,
      );
      const within = api.trace.setSpan(api.ROOT_CONTEXT, root);
      for (const child of children) {
        const options = { attributes: child.attributes, startTime: hrTime(child.beganAt) };
        tracer.startSpan(child.name, options, within).end(hrTime(child.endedAt));
      }
      if (refused !== undefined) root.setStatus({ code: api.SpanStatusCode.ERROR, message: refused });
      root.end(hrTime(endedAt));
    },
    stop: () => Promise.race([provider.shutdown().catch(() => undefined), pause(TRACE_LIMITS.stopMsMax)]),
  };
}

/** A line when the collector does not take them, another when it does again, and no more than that. */
function tellOfFailures({ warn, now }: TraceSenderParts): (failure: string | undefined) => void {
  let toldAt: number | undefined;
  return (failure) => {
    if (failure === undefined) {
      if (toldAt !== undefined) warn('the collector takes traces again');
      toldAt = undefined;
    } else if (toldAt === undefined || now() - toldAt >= TRACE_LIMITS.warnEveryMs) {
      toldAt = now();
      warn(`the collector does not take traces (${failure}); they are dropped, and the chat goes on`);
    }
  };
}

const hrTime = (micros: number): [seconds: number, nanoseconds: number] => [
  Math.floor(micros / 1e6),
  (micros % 1e6) * 1000,
];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
