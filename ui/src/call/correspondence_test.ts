import { expect, it } from 'vitest';

import { CallWords } from './call_words';
import { Correspondence, transcript } from './correspondence.svelte';

it('writes down who wrote what, and names files', () => {
    const at = '2026-11-27T10:00:00.000000Z';
    const text = transcript(
        [
            { number: 1, at, side: 'caller', text: 'My card is gone.', file: null },
            { number: 2, at, side: 'agent', text: 'contract.pdf', file: 7 },
        ],
        new CallWords('en'),
    );
    expect(text).toMatch(/^Friday .*  You: My card is gone\.\nFriday .*  Customer service: File: contract\.pdf\n$/);
});

it('shows the line that was not taken until another is said', () => {
    const chat = new Correspondence(
        () => {},
        () => null,
    );
    chat.say('My card is gone.');
    chat.refuse();
    expect(chat.refused).toBe('My card is gone.');
    chat.say('Hello?');
    expect(chat.refused).toBe('');
});
