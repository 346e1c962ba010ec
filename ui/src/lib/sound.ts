// The quiet two-tone that says a contact is presented; plays only after a person's gesture.

const kTones: readonly { hertz: number; at_s: number }[] = [
    { hertz: 587, at_s: 0 },
    { hertz: 784, at_s: 0.18 },
];
const kLength_s = 0.35;
const kVolume = 0.12;

export class Chime {
    private context_: AudioContext | null = null;

    // Call from a click or key: browsers let sound start only there.
    unlock(): void {
        this.context_ ??= new AudioContext();
        void this.context_.resume();
    }

    play(): void {
        const context = this.context_;
        if (context === null || context.state !== 'running') {
            return;
        }
        for (const tone of kTones) {
            this.play_tone_(context, tone.hertz, context.currentTime + tone.at_s);
        }
    }

    private play_tone_(context: AudioContext, hertz: number, start: number): void {
        const oscillator = context.createOscillator();
        const volume = context.createGain();
        oscillator.frequency.value = hertz;
        volume.gain.setValueAtTime(0, start);
        volume.gain.linearRampToValueAtTime(kVolume, start + 0.02);
        volume.gain.exponentialRampToValueAtTime(0.001, start + kLength_s);
        oscillator.connect(volume).connect(context.destination);
        oscillator.start(start);
        oscillator.stop(start + kLength_s);
    }
}
