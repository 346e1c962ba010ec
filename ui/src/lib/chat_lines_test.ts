import { describe, expect, it } from 'vitest';

import { parse_chat_news, unread, with_line, type ChatLine } from './chat_lines';

function line(number: number, side: ChatLine['side'] = 'caller'): ChatLine {
    return { number, at: '2026-11-27T10:00:00.000000Z', side, text: `line ${number}`, file: null };
}

describe('parse_chat_news', () => {
    it('knows the three messages', () => {
        const whole = { type: 'chat', contact: 7, lines: [line(1)] };
        expect(parse_chat_news(JSON.stringify(whole))).toEqual(whole);
        const one = { type: 'chat_line', contact: 7, line: line(2, 'agent') };
        expect(parse_chat_news(JSON.stringify(one))).toEqual(one);
        const typing = { type: 'chat_typing', contact: 7 };
        expect(parse_chat_news(JSON.stringify(typing))).toEqual(typing);
    });

    it('gives a guest, who has one chat, the number 0', () => {
        expect(parse_chat_news('{"type":"chat_typing"}')).toEqual({
            type: 'chat_typing',
            contact: 0,
        });
    });

    it.each([
        '',
        'null',
        '[]',
        '{"type":"changes"}',
        '{"type":"chat","contact":"7","lines":[]}',
        '{"type":"chat","contact":7}',
        '{"type":"chat","contact":7,"lines":[{"number":1}]}',
        '{"type":"chat_line","contact":7,"line":{"number":1,"at":"","side":"boss","text":""}}',
    ])('says null to %s', (text) => {
        expect(parse_chat_news(text)).toBeNull();
    });
});

it('a line that is there already is not added again', () => {
    const lines = [line(1), line(2)];
    expect(with_line(lines, line(2))).toBe(lines);
    expect(with_line(lines, line(3))).toHaveLength(3);
});

it('unread counts what the other side wrote behind the last line seen', () => {
    const lines = [line(1), line(2, 'agent'), line(3), line(4, 'agent'), line(5)];
    expect(unread(lines, 0, 'agent')).toBe(3);
    expect(unread(lines, 3, 'agent')).toBe(1);
    expect(unread(lines, 5, 'agent')).toBe(0);
});
