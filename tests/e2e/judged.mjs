// Thirty phones, five sets of skills, three queues with priorities and rules of their own: every
// presentation in the journal is the one that the naive model of tests/property would have chosen.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { check, check_equal, fleet, free_port, kRoot, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';
import { Sipp } from './sipp.mjs';

const kJudge = process.env.LANZE_JUDGE ?? join(kRoot, 'build/dev/tests/judge_journal');
const kSeconds = 12;

const kQueues = `
[routing]
contact_rule = "relative_to_target"
[charter]
starvation = 3
[[queue]]
name = "cards"
numbers = ["cards"]
skills = { cards = 1 }
priority = 1
agent_rule = "lowest_level"
service_level = { share = 0.8, within = "2s" }
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
agent_rule = "round_robin"
service_level = { share = 0.8, within = "3s" }
[[queue]]
name = "travel"
numbers = ["travel"]
skills = { travel = 2 }
priority = 7
agent_rule = "random_pool"
service_level = { share = 0.8, within = "4s" }
widening = [{ after = "1s", skills = { travel = 1 } }, { after = "3s", anybody = true }]
`;

const kSkills = ['bank = 1', 'bank = 2, cards = 1', 'cards = 2', 'travel = 1', 'travel = 2, bank = 1'];

const people = (port) => kSkills
    .map((skills, i) => fleet(6, port, `first = ${6 * i + 1}\nskills = { ${skills} }`))
    .join('');

test('the assignments of a real run are those of the naive model', async () => {
    need('sipp');
    check(existsSync(kJudge), `${kJudge} is not built`);
    const port = await free_port();
    const centre = await start_centre({ floor: kQueues + people(port) });
    const agents = new Sipp({ scenario: 'agent.xml', port, args: ['-default_behaviors', 'none'] });
    const calling = [];
    for (const [queue, rate] of [['cards', 3], ['bank', 5], ['travel', 4]]) {
        const calls = ['-s', queue, '-r', String(rate), '-m', String(rate * kSeconds), '-l', '1000'];
        calling.push(new Sipp({ scenario: 'caller.xml', port: await free_port(), target: centre.sip, args: calls }));
    }
    for (const one of calling) {
        await one.ended(kSeconds * 1000 + 120_000);
    }
    await wait_for('no open contact', async () => (await centre.open_contacts()).length === 0, 20_000);
    await agents.end();
    await centre.stop();
    note(`records ${JSON.stringify(centre.counts())}`);
    check_equal(centre.counts().offered, 12 * kSeconds, 'offered');
    const judged = spawnSync(kJudge, [centre.database, centre.database.replace(/db$/, 'keys')]);
    const verdict = judged.stdout.toString();
    verdict.trim().split('\n').forEach((line) => note(line));
    check_equal(judged.status, 0, 'the verdict');
    const [, presentations] = /, (\d+) presentations judged/.exec(verdict);
    check(Number(presentations) >= centre.counts().answered, 'fewer presentations than answers');
});

await run_tests();
