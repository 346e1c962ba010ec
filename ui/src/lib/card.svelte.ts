// Card: what the centre tells of the agent's contact, and his notes, saved as he types.
import type { ApiError } from './api';
import { contact_api, kRemarkBytesMax, type ContactAtDesk } from './contact_api';
import { bytes_of } from './desk';

// Long enough not to save each letter, short enough that a closed page costs a word.
const kSaveAfterMs = 700;

export type Saving = 'saved' | 'typing' | 'failed';

export class Card {
    readonly contact: number;
    told = $state.raw<ContactAtDesk | null>(null);
    error = $state.raw<ApiError | null>(null);
    text = $state('');
    saving = $state<Saving>('saved');
    readonly is_too_long = $derived(bytes_of(this.text) > kRemarkBytesMax);

    private saved_ = '';
    private timer_: ReturnType<typeof setTimeout> | undefined;
    private under_way_: Promise<void> | null = null;

    constructor(contact: number) {
        this.contact = contact;
        void this.load();
    }

    async load(): Promise<void> {
        const answer = await contact_api.at_desk(this.contact);
        if (!answer.is_ok) {
            this.error = answer.error;
            return;
        }
        this.error = null;
        this.told = answer.value;
        this.saved_ = answer.value.remark;
        // What was typed while it loaded is not overwritten.
        this.text = this.saving === 'saved' ? answer.value.remark : this.text;
    }

    typed(): void {
        this.saving = 'typing';
        clearTimeout(this.timer_);
        this.timer_ = setTimeout(() => void this.save(), kSaveAfterMs);
    }

    // At once; one after the other, so that the last text is the one that stays. False: it is not
    // saved, and why is shown.
    async save(): Promise<boolean> {
        clearTimeout(this.timer_);
        while (this.under_way_ !== null) {
            await this.under_way_;
        }
        if (this.text === this.saved_) {
            this.saving = 'saved';
            return true;
        }
        if (this.is_too_long) {
            return false;
        }
        const text = this.text;
        this.under_way_ = this.send_(text);
        await this.under_way_;
        return this.saved_ === text;
    }

    private async send_(text: string): Promise<void> {
        const answer = await contact_api.write_remark(this.contact, text);
        this.under_way_ = null;
        if (!answer.is_ok) {
            this.saving = 'failed';
            this.error = answer.error;
            return;
        }
        this.error = null;
        this.saved_ = text;
        this.saving = text === this.text ? 'saved' : 'typing';
    }
}
