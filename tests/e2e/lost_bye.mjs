// Test 6: one side of a call is gone without BYE: the silence of its media ends the call, and the
// agent is free again.
import { check, check_equal, floor_with_phone, free_port, lanze_call, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';

const kSilenceMs = 5000;

async function call_in_progress() {
    need();
    const port = await free_port();
    const centre = await start_centre({
        media: `silence_max = "${kSilenceMs / 1000}s"`,
        floor: floor_with_phone(port),
    });
    const phone = lanze_call(centre, ['--agent', '--port', String(port), '--for', '300', '--answer-after', '0.2', 'anna']);
    await phone.says('listens');
    const caller = lanze_call(centre, ['bank', '--for', '300']);
    await phone.says('hears');
    await wait_for('talking', async () => (await centre.open_contacts())[0]?.state === 'talking');
    return { centre, phone, caller };
}

for (const who of ['caller', 'phone']) {
    test(`the ${who} is killed in mid-call`, async () => {
        const sides = await call_in_progress();
        const { centre } = sides;
        await sides[who].kill();
        const began = Date.now();
        const other = who === 'caller' ? sides.phone : sides.caller;
        await other.says('hung up there', kSilenceMs + 10_000);
        const passed = Date.now() - began;
        note(`the other side got BYE after ${passed} ms; silence_max is ${kSilenceMs} ms`);
        check(passed > kSilenceMs - 500 && passed < kSilenceMs + 5000, `after ${passed} ms`);
        const [record] = await wait_for('the record', async () => {
            const records = await centre.ended_contacts();
            return records.length === 1 && records;
        });
        note(`record: ${record.end}, by ${record.by}, cause ${record.cause}`);
        check_equal([record.end, record.cause], ['cut_off', 'media_silent'], 'record');
        if (who === 'caller') {
            await centre.agent_is('anna', 'ready');
        }
    });
}

await run_tests();
