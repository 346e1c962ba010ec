// Signing in through an OpenID provider: npm's oidc-provider on loopback, gone through as a browser
// does (cookies, redirects, forms), and with the button in a real Chromium.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { open_browser } from './browser.mjs';
import { Centre, Skip, after_test, check, check_equal, free_port, kRoot, need, run_tests, start_centre, test } from './lib.mjs';

const kModules = join(kRoot, 'ui/node_modules');
const kSecret = 'a secret of at least 32 characters, for tests';
const kFloor = `
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
[[agent]]
name = "anna"
skills = { bank = 3 }
phone = "registered"
password = "phone-of-anna"
`;

// The provider lets everybody in under the name that is typed; the centre knows only some.
async function start_provider(port, centre, more = {}) {
    const module = join(kModules, 'oidc-provider/lib/index.js');
    if (!existsSync(module)) {
        throw new Skip('the page\'s packages are not installed (packaging/page.sh build)');
    }
    if (Number(process.versions.node.split('.')[0]) < 20) {
        throw new Skip('oidc-provider wants a newer Node.js');
    }
    const { default: Provider } = await import(module);
    const provider = new Provider(`http://127.0.0.1:${port}`, {
        clients: [{
            client_id: 'lanze',
            client_secret: kSecret,
            redirect_uris: [`http://${centre.address}:8080/api/v1/session/oidc/callback`],
        }],
        claims: { openid: ['sub'], profile: ['preferred_username'] },
        findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id }) }),
        pkce: { required: () => true },
        ...more,
    });
    provider.asked = { token: 0, person: 0 };
    provider.use(async (context, next) => {
        provider.asked.token += context.path === '/token' ? 1 : 0;
        provider.asked.person += context.path === '/me' ? 1 : 0;
        await next();
    });
    const server = provider.listen(port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    after_test(() => {
        server.closeAllConnections();
        server.close();
    });
    return provider;
}

async function start_both(more) {
    const port = await free_port();
    const centre = new Centre({
        floor: kFloor,
        more: `[oidc]\nissuer = "http://127.0.0.1:${port}"\nclient_id = "lanze"\nclient_secret_file = "secret"\nname = "Nordlicht"`,
    });
    const provider = await start_provider(port, centre, more);
    writeFileSync(join(centre.folder, 'secret'), `${kSecret}\n`);
    await centre.start();
    return { centre, provider };
}

// Follows redirects as a browser does, with the cookies each place has set.
class Browser {
    cookies = new Map();

    async ask(address, form) {
        const { host } = new URL(address);
        const jar = this.cookies.get(host) ?? new Map();
        this.cookies.set(host, jar);
        const answer = await fetch(address, {
            method: form === undefined ? 'GET' : 'POST',
            redirect: 'manual',
            headers: { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
            body: form === undefined ? undefined : new URLSearchParams(form),
        });
        for (const line of answer.headers.getSetCookie()) {
            const [pair] = line.split(';');
            const at = pair.indexOf('=');
            jar.set(pair.slice(0, at), pair.slice(at + 1));
        }
        const next = answer.headers.get('location');
        return next === null ? { address, text: await answer.text(), status: answer.status }
            : { address, next: new URL(next, address).href, status: answer.status };
    }

    // Until a page comes that leads nowhere else, or an address that begins with `stop`.
    async go(address, { form, stop } = {}) {
        let at = await this.ask(address, form);
        for (let count = 0; at.next !== undefined && count < 10; ++count) {
            if (stop !== undefined && at.next.startsWith(stop)) {
                return at;
            }
            at = await this.ask(at.next);
        }
        return at;
    }

    // From the centre to the provider, there through login and consent, and back to `stop`.
    async sign_in(centre, name) {
        const base = `http://${centre.address}:8080`;
        const stop = `${base}/api/v1/session/oidc/callback`;
        let at = await this.go(`${base}/api/v1/session/oidc`);
        for (const form of [{ prompt: 'login', login: name, password: 'any' }, { prompt: 'consent' }]) {
            const [, action] = /<form[^>]* action="([^"]+)"/.exec(at.text) ?? [];
            check(action, `a form to send; there was ${at.status} ${at.address} ${at.text}`);
            at = await this.go(new URL(action, at.address).href, { form, stop });
        }
        check(at.next?.startsWith(stop), `back at the centre, not ${JSON.stringify(at)}`);
        return at.next;
    }

    async session(centre) {
        const answer = await this.ask(`http://${centre.address}:8080/api/v1/session`);
        return answer.status === 200 ? JSON.parse(answer.text).name : answer.status;
    }
}

test('who the provider vouches for is signed in, and everywhere out again', async () => {
    const { centre, provider } = await start_both();
    const browser = new Browser();
    const ways = await browser.ask(`http://${centre.address}:8080/api/v1/session/ways`);
    check_equal(ways.text, '{"password":true,"provider":"Nordlicht"}', 'the ways in');
    const back = await browser.sign_in(centre, 'anna');
    const last = await browser.ask(back);
    check_equal(last.next, `http://${centre.address}:8080/`, 'sent to the page');
    check_equal(await browser.session(centre), 'anna', 'who is signed in');
    check_equal(provider.asked.person, 1, 'asked about the person, as the token does not tell the name');
    const again = await browser.ask(back);
    check(again.next.endsWith('/#/sign-in/refused'), `a code counts once, but it led to ${again.next}`);
    const other = new Browser();
    const second = await other.sign_in(centre, 'anna');
    await other.ask(second);
    const base = `http://${centre.address}:8080`;
    const cookie = [...browser.cookies.get(`${centre.address}:8080`)].map((pair) => pair.join('=')).join('; ');
    const out = await fetch(`${base}/api/v1/sessions`, { method: 'DELETE', headers: { Cookie: cookie, Origin: base } });
    check_equal(out.status, 204, 'signed out everywhere');
    check_equal(await browser.session(centre), 401, 'here');
    check_equal(await other.session(centre), 401, 'there');
});

test('a name in the ID token itself serves too, signed with ES256', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { centre, provider } = await start_both({
        conformIdTokenClaims: false,
        jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'curve', use: 'sig', alg: 'ES256' }] },
        clientDefaults: { id_token_signed_response_alg: 'ES256' },
    });
    const browser = new Browser();
    await browser.ask(await browser.sign_in(centre, 'anna'));
    check_equal(await browser.session(centre), 'anna', 'who is signed in');
    check_equal(provider.asked.person, 0, 'nothing more was asked');
});

test('who is not known here is not let in, and nobody is made', async () => {
    const { centre } = await start_both();
    const browser = new Browser();
    const last = await browser.ask(await browser.sign_in(centre, 'mallory'));
    check(last.next.endsWith('/#/sign-in/unknown'), `it led to ${last.next}`);
    check_equal(await browser.session(centre), 401, 'nobody is signed in');
});

test('an answer brought to another browser, or with another code, is refused', async () => {
    const { centre, provider } = await start_both();
    const attacker = new Browser();
    const back = await attacker.sign_in(centre, 'anna');
    const victim = new Browser();
    await victim.ask(`http://${centre.address}:8080/api/v1/session/oidc`);
    const lured = await victim.ask(back);
    check(lured.next.endsWith('/#/sign-in/refused'), `the victim was led to ${lured.next}`);
    check_equal(await victim.session(centre), 401, 'the victim is signed in as nobody');
    check_equal(provider.asked.token, 0, 'no code was shown to the provider');
    const changed = new URL(back);
    changed.searchParams.set('code', 'guessed');
    const guessed = await attacker.ask(changed.href);
    check(guessed.next.endsWith('/#/sign-in/refused'), `a guessed code led to ${guessed.next}`);
    check_equal(provider.asked.token, 1, 'the provider was asked and refused it');
});

test('a provider that is not there is said to be unreachable, and passwords go on', async () => {
    const port = await free_port();
    const centre = await start_centre({
        floor: kFloor,
        more: `[oidc]\nissuer = "http://127.0.0.1:${port}"\nclient_id = "lanze"`,
    });
    const sent = await new Browser().ask(`http://${centre.address}:8080/api/v1/session/oidc`);
    check(sent.next.endsWith('/#/sign-in/unreachable'), `it led to ${sent.next}`);
    check((await centre.api('/api/v1/queues')).queues.length === 1, 'signed in by password');
});

test('the button of the page leads there and back in Chromium', async () => {
    need('chromium');
    if (!existsSync(join(kRoot, 'ui/dist/index.html'))) {
        throw new Skip('the page is not built (packaging/page.sh build)');
    }
    const { centre } = await start_both();
    const browser = await open_browser();
    const page = await (await browser.newContext({ locale: 'de-DE' })).newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`http://${centre.address}:8080/`);
    await page.getByRole('link', { name: 'Anmelden mit Nordlicht' }).click();
    await page.locator('input[name=login]').fill('mallory');
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.locator('button[type=submit]').click();
    await page.getByText('Sie sind dort bekannt, hier aber nicht').waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Anmelden mit Nordlicht' }).click();
    await page.locator('input[name=login]').fill('anna');
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
    await page.locator('button[type=submit]').click();
    await page.getByRole('button', { name: 'anna' }).waitFor();
    check_equal(new URL(page.url()).host, `${centre.address}:8080`, 'back at the centre');
    const kinds = (await page.context().cookies()).filter((one) => one.name === 'lanze_session')
        .map((one) => `${one.httpOnly} ${one.sameSite}`);
    check_equal(kinds.join(), 'true Strict', 'the cookie of the session');
    await page.getByRole('button', { name: 'anna' }).click();
    await page.getByRole('button', { name: 'Überall abmelden' }).click();
    await page.getByRole('link', { name: 'Anmelden mit Nordlicht' }).waitFor();
});

await run_tests();
