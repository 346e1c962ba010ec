// Settings: what a person chose for this browser, kept in its localStorage.
import { kLanguages, language_of, Words, type Language } from './i18n';
import { may_show_notices } from './notice';

export type Theme = 'system' | 'light' | 'dark';
export const kThemes: readonly Theme[] = ['system', 'light', 'dark'];

function chosen<T extends string>(key: string, known: readonly T[]): T | null {
    const value = localStorage.getItem(key);
    return known.find((one) => one === value) ?? null;
}

export class Settings {
    language = $state<Language>(
        chosen('lanze.language', kLanguages) ?? language_of(navigator.languages),
    );
    theme = $state<Theme>(chosen('lanze.theme', kThemes) ?? 'system');
    // Off until the person agrees; browsers do not play without a gesture either.
    is_sound_on = $state(localStorage.getItem('lanze.sound') === 'on');
    // With consent, which the browser asks for; it may have been taken back there since.
    is_notice_on = $state(
        localStorage.getItem('lanze.notice') === 'on' && may_show_notices() === 'granted',
    );
    // The customer's page opens by itself when a contact is answered.
    is_pop_on = $state(localStorage.getItem('lanze.pop') === 'on');
    // WCAG 2.1.4: keys of a single letter can be switched off.
    are_shortcuts_on = $state(localStorage.getItem('lanze.shortcuts') !== 'off');

    words = $derived(new Words(this.language));

    // Keeps every choice and shows it on the page; call inside an effect root.
    keep(): void {
        $effect(() => {
            localStorage.setItem('lanze.language', this.language);
            document.documentElement.lang = this.language;
        });
        $effect(() => {
            localStorage.setItem('lanze.theme', this.theme);
            document.documentElement.dataset.theme = this.theme;
        });
        $effect(() => localStorage.setItem('lanze.sound', this.is_sound_on ? 'on' : 'off'));
        $effect(() => localStorage.setItem('lanze.notice', this.is_notice_on ? 'on' : 'off'));
        $effect(() => localStorage.setItem('lanze.pop', this.is_pop_on ? 'on' : 'off'));
        $effect(() => localStorage.setItem('lanze.shortcuts', this.are_shortcuts_on ? 'on' : 'off'));
    }
}
