// What the tests of the page in a browser share: opening it, signing in, looking at a view.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(new URL('../../ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe_source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const kShots = process.env.LANZE_SHOTS ?? join(tmpdir(), 'lanze-desk-shots');
const kChromium = process.env.LANZE_CHROMIUM ?? '/usr/bin/chromium';
const kFlags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];
const kDeadlineMs = 10_000;
const kSize = { width: 1280, height: 720 };
const kWords = {
    de: { sign_in: 'Anmelden', name: 'Name', password: 'Passwort', other: 'Etwas anderes' },
    en: { sign_in: 'Sign in', name: 'Name', password: 'Password', other: 'Something else' },
};

mkdirSync(kShots, { recursive: true });

let shots = 0;
let passes = 0;
export const complaints = []; // of the browser's console: a breach of the CSP shows there

export function open_browser(more_flags = []) {
    return chromium.launch({ executablePath: kChromium, args: [...kFlags, ...more_flags] });
}

export function told_of_shots() {
    return `${shots} screenshots in ${kShots}, ${passes} axe rules passed, 0 broken`;
}

export async function open_page(browser, server, { language, theme, size = kSize, scale = 1 }) {
    const context = await browser.newContext({
        viewport: size,
        deviceScaleFactor: scale,
        reducedMotion: 'reduce',
        locale: language,
    });
    await context.addInitScript({ content: axe_source });
    await context.addInitScript(
        ([chosen_language, chosen_theme]) => {
            localStorage.setItem('lanze.language', chosen_language);
            localStorage.setItem('lanze.theme', chosen_theme);
        },
        [language, theme],
    );
    const page = await context.newPage();
    page.setDefaultTimeout(kDeadlineMs);
    page.on('console', (message) => message.type() === 'error' && note(message.text()));
    page.on('pageerror', (error) => note(String(error)));
    await page.goto(server.address);
    return { page, language, theme, scale, words: kWords[language] };
}

// Refused requests are part of the test; the browser reports them in its console too.
function note(text) {
    if (!/Failed to load resource|WebSocket connection to/.test(text)) {
        complaints.push(text);
    }
}

export async function look(view, name) {
    const { page, language, theme, scale } = view;
    const zoom = scale === 1 ? '' : '_zoom200';
    const file = join(kShots, `${name}_${language}_${theme}${zoom}.png`);
    await page.screenshot({ path: file, fullPage: scale !== 1 });
    const found = await page.evaluate(() =>
        globalThis.axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        }),
    );
    const told = found.violations.map(({ id, nodes }) => {
        return `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`;
    });
    assert.deepEqual(told, [], `axe in ${file}`);
    const is_wider = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    assert.equal(is_wider, false, `${file} scrolls sideways`);
    shots += 1;
    passes += found.passes.length;
}

export async function sign_in(view, name, password = 'lanze-lanze') {
    const { page, words } = view;
    await page.getByLabel(words.name, { exact: true }).fill(name);
    await page.getByLabel(words.password, { exact: true }).fill(password);
    await page.getByRole('button', { name: words.sign_in }).click();
}

export async function play(view, server, scene, text) {
    server.centre.play(scene);
    await view.page.getByText(text).first().waitFor();
}

export async function until(told, holds) {
    const end = Date.now() + kDeadlineMs;
    while (!(await holds())) {
        assert.ok(Date.now() < end, `not within ${kDeadlineMs} ms: ${told}`);
        await new Promise((resolve) => setImmediate(resolve));
    }
}

export async function said(server, path, more = {}) {
    await until(`${path} said`, () => server.centre.said.length > 0);
    assert.deepEqual(server.centre.said.shift(), { path, ...more });
}
