import { describe, expect, it } from 'vitest';

import { parse_guest_news } from './guest_protocol';

describe('what a guest is told', () => {
    it('is a place', () => {
        expect(
            parse_guest_news(
                '{"type":"place","state":"waiting","before":2,"told_wait":{"low_s":5,"high_s":60,"found_by":"service_rate"},"why":null}',
            ),
        ).toEqual({
            type: 'place',
            state: 'waiting',
            before: 2,
            told_wait: { low_s: 5, high_s: 60, found_by: 'service_rate' },
            why: null,
        });
        expect(parse_guest_news('{"type":"place","state":"over","why":"ended"}')).toMatchObject({
            state: 'over',
            before: null,
            why: 'ended',
        });
    });

    it('is a welcome', () => {
        expect(parse_guest_news('{"type":"welcome","queue":"bank"}')).toEqual({
            type: 'welcome',
            queue: 'bank',
            kind: 'voice',
        });
    });

    it.each(['', '[]', 'null', '7', '{"type":"place"}', '{"type":"place","state":"x"}', '{'])(
        'is nothing else: %s',
        (text) => {
            expect(parse_guest_news(text)).toBeNull();
        },
    );
});
