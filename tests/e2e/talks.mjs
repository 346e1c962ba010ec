// Talks of phones whose tones differ: after each step everybody's recording is measured at each frequency,
// so that a talk with the wrong one shows. And the desk of an agent, without its page.
import { check, check_equal, note } from './lib.mjs';

const kHeard = -20; // dB; each tone is sent at -12
const kNotHeard = -40;

export async function desk_of(centre, name) {
    const base = `http://${centre.address}:8080`;
    const ask = (path, body, cookie = '') => fetch(`${base}/api/v1/${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: base, Cookie: cookie },
        body: JSON.stringify(body),
    });
    const session = await ask('session', { name, password: centre.passwords[name] });
    check(session.ok, `sign-in of ${name}: ${session.status}`);
    const cookie = session.headers.get('set-cookie').split(';')[0];
    const desk = {
        // The agent as he himself sees him.
        himself: async () => {
            const answer = await fetch(`${base}/api/v1/agents`, { headers: { Cookie: cookie } });
            return (await answer.json()).agents.find((agent) => agent.name === name);
        },
        send: (path, body = {}) => ask(`desk/${path}`, body, cookie),
        status: async (path, body) => (await desk.send(path, body)).status,
        does: async (path, body) => {
            const answer = await desk.send(path, body);
            check_equal(answer.status, 200, `${name}: ${path}: ${await answer.text()}`);
        },
    };
    return desk;
}

// Who hears whom: each of `talks` is a list of names that hear all others of it and nobody else. `hertz`
// has everybody's tone.
export async function hear(phones, hertz, what, ...talks) {
    const measured = talks.flat().map(async (listener) => {
        await phones[listener].hears(Object.values(hertz), 0.6); // what was before is over
        return [listener, await phones[listener].hears(Object.values(hertz), 1)];
    });
    const levels = Object.fromEntries(await Promise.all(measured));
    for (const [listener, heard] of Object.entries(levels)) {
        note(`${what}: ${listener} hears ${Object.entries(hertz).map(([name, each]) => `${name} ${heard[each]}`).join(', ')}; in all ${heard.all} dB`);
    }
    for (const talk of talks) {
        for (const listener of talk) {
            for (const [speaker, each] of Object.entries(hertz)) {
                const level = levels[listener][each];
                const is_wanted = speaker !== listener && talk.includes(speaker);
                check(is_wanted ? level > kHeard : level < kNotHeard,
                    `${what}: ${listener} ${is_wanted ? 'does not hear' : 'hears'} ${speaker} (${level} dB)`);
            }
        }
    }
    return levels;
}
