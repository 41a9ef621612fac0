// A program, run by download.ts: `download-child FOLDER VERSION`. The SDK downloads a CLI only on the
// way to a server, so a server is started and ended at once.
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { installQuietRuntime } from '../quiet.ts';

const [downloadDir = '', version = ''] = process.argv.slice(2);
installQuietRuntime();
try {
  const env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'cached-download', downloadDir, version: `v${version}` },
      log: { format: 'pretty', level: 'never' },
    },
  });
  await env.teardown();
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
