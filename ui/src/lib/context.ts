// What every view shares, handed down the tree of components instead of kept in globals.
import { getContext, setContext } from 'svelte';

import type { Centre } from './centre.svelte';
import type { Chats } from './chats.svelte';
import type { Phone } from './phone.svelte';
import type { ScreenPop } from './screen_pop.svelte';
import type { Settings } from './settings.svelte';

export interface Shared {
    centre: Centre;
    chats: Chats;
    phone: Phone;
    screen_pop: ScreenPop;
    settings: Settings;
}

const kKey = Symbol('lanze');

export function share(shared: Shared): void {
    setContext(kKey, shared);
}

export function shared(): Shared {
    return getContext<Shared>(kKey);
}
