// Why this agent, in one sentence: the centre's code with its count, in the words of a language.
import type { Chosen, ChosenBy } from './contact_api';
import type { Key, Words } from './i18n';

type WithCount = Extract<Key, `chosen_${string}_of`>;

const kOfMany: Partial<Record<ChosenBy, WithCount>> = {
    longest_idle: 'chosen_longest_idle_of',
    least_occupied: 'chosen_least_occupied_of',
    best_level: 'chosen_best_level_of',
    lowest_level: 'chosen_lowest_level_of',
    fixed_order: 'chosen_fixed_order_of',
    round_robin: 'chosen_round_robin_of',
    chance: 'chosen_chance_of',
    became_free: 'chosen_became_free_of',
    widened: 'chosen_widened_of',
};

export function chosen_text({ by, of }: Chosen, words: Words): string {
    const key = kOfMany[by];
    if (key !== undefined && of > 1) {
        return words.text(key, { of: words.number(of) });
    }
    switch (by) {
        case 'assigned':
        case 'preferred':
        case 'became_free':
        case 'widened':
            return words.text(`chosen_${by}`);
        default:
            return words.text('chosen_only_one');
    }
}
