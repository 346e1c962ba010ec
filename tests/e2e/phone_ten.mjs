// Ten agents, each with a browser of their own as their telephone, and SIPp callers who stay until they are helped.
// Run by tests/e2e/run_long.sh.
import { check, check_equal, free_port, need, run_tests, start_centre, test, usage_of, wait_for } from './lib.mjs';
import { open_browser_with_microphone, open_desk } from './phone_desk.mjs';
import { Sipp } from './sipp.mjs';

const kAgents = 10;
const kCalls = 60;

// Whoever sits there takes each call at once and ends it after two seconds.
const busy_hands = (page) =>
    page.addInitScript(() => {
        let since = null;
        const button = (text) =>
            [...document.querySelectorAll('button')].find((one) => one.innerText.startsWith(text));
        setInterval(() => {
            button('Answer')?.click();
            const hang_up = button('Mute') && button('Hang up');
            since = hang_up ? (since ?? Date.now()) : null;
            if (since !== null && Date.now() - since > 2000) {
                since = null;
                hang_up.click();
            }
        }, 50);
    });

test('ten agents in browsers answer SIPp callers', async () => {
    need('chromium', 'sipp', 'sqlite3');
    const centre = await start_centre({
        floor: `
[charter]
occupancy_max = 1.0
[[queue]]
name = "bank"
numbers = ["bank"]
[[agents]]
count = ${kAgents}
name = "page-{}"
phone = "browser"
desk = true
wrap_up = "0s"
present_for = "60s"
`,
    });
    const browser = await open_browser_with_microphone();
    for (let number = 1; number <= kAgents; number += 1) {
        await open_desk(browser, centre, { name: `page-${number}`, prepare: busy_hands });
    }
    const callers = new Sipp({
        scenario: 'caller_stays.xml',
        port: await free_port(),
        target: centre.sip,
        args: ['-s', 'bank', '-r', '2', '-m', String(kCalls)],
    });
    await callers.ended(180_000);
    await wait_for('no open contact', async () => (await centre.open_contacts()).length === 0, 20_000);
    const figures = callers.figures();
    const { cpu_s, resident_kb } = usage_of(centre.program);
    console.log(`# sipp ${JSON.stringify(figures)}`);
    console.log(`# lanze: ${cpu_s} s CPU, ${resident_kb} kB`);
    check_equal([figures.successful, figures.failed], [kCalls, 0], 'calls that went well and ill');
    const { offered, answered } = centre.counts();
    check_equal([offered, answered], [kCalls, kCalls], 'contacts offered and answered');
    const contacts = await centre.ended_contacts();
    check(contacts.every((contact) => contact.end === 'finished'), 'a contact did not end as it should');
});

await run_tests();
