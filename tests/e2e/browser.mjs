// A real Chromium for tests with the real centre.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { Skip, after_test, kRoot } from './lib.mjs';

const kFlags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// Closed after the test.
export async function open_browser(more_flags = []) {
    const modules = join(kRoot, 'ui/node_modules/playwright-core');
    if (!existsSync(modules)) {
        throw new Skip('the page\'s packages are not installed (packaging/page.sh build)');
    }
    const { chromium } = createRequire(import.meta.url)(modules);
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...kFlags, ...more_flags] });
    after_test(() => browser.close());
    return browser;
}
