import { expect, it } from 'vitest';

import { CallWords } from './call_words';
import { transcript } from './correspondence.svelte';

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
