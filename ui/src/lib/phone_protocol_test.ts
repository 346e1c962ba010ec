import { describe, expect, it } from 'vitest';

import { parse_news } from './phone_protocol';

const parse = (message: unknown) => parse_news(JSON.stringify(message));
const offer = { type: 'phone_offer', leg: 17, contact: 5, answered: true, held: false, sdp: 'v=0' };

describe('parse_news', () => {
    it('reads where the telephone is', () => {
        const ice_servers = [{ urls: ['turn:a', 'turns:b'], username: 'u', credential: 'c' }];
        const place = { type: 'phone', state: 'here', ice_servers, legs: [17, 18] };
        expect(parse(place)).toEqual(place);
        expect(parse({ type: 'phone', state: 'off' })).toEqual({
            type: 'phone',
            state: 'off',
            ice_servers: [],
            legs: [],
        });
    });

    it('reads an offer, of a contact or of a check', () => {
        expect(parse(offer)).toEqual(offer);
        expect(parse({ ...offer, contact: null, answered: undefined })).toEqual({
            ...offer,
            contact: null,
            answered: false,
        });
    });

    it('reads the end of a leg, and a refusal', () => {
        const over = { type: 'phone_over', leg: 17, reason: 'not_understood' };
        expect(parse(over)).toEqual(over);
        const refused = { type: 'refused', code: 'no_leg', message: 'There is none.' };
        expect(parse(refused)).toEqual(refused);
    });

    it.each([
        ['text', 'hello'],
        ['null', null],
        ['a list', [offer]],
        ['the picture', { type: 'snapshot', sequence: 1 }],
        ['a place that there is not', { type: 'phone', state: 'there' }],
        ['an offer without SDP', { ...offer, sdp: '' }],
        ['an offer for no leg', { ...offer, leg: 'seventeen' }],
        ['an offer for half a leg', { ...offer, leg: 1.5 }],
        ['the end of no leg', { type: 'phone_over', leg: -1 }],
    ])('refuses %s', (_, message) => {
        expect(parse(message)).toBeNull();
    });

    it('refuses what is no JSON', () => {
        expect(parse_news('{"type":"phone"')).toBeNull();
    });

    it('leaves out what is no server and no leg', () => {
        const ice_servers = [null, {}, { urls: [] }, { urls: [3] }, { urls: 'stun:a' }];
        const place = parse({ type: 'phone', state: 'here', ice_servers, legs: [1, 'two', -3] });
        expect(place).toMatchObject({ ice_servers: [{ urls: 'stun:a' }], legs: [1] });
    });

    it('reads no more servers and legs than there can be', () => {
        const legs = Array.from({ length: 1000 }, (_, id) => id);
        const ice_servers = legs.map((id) => ({ urls: `stun:${id}` }));
        const place = parse({ type: 'phone', state: 'here', ice_servers, legs });
        expect(place).toMatchObject({ legs: legs.slice(0, 16) });
        expect((place as { ice_servers: object[] }).ice_servers).toHaveLength(16);
    });
});
