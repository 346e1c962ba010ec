// The speaker: what the agent hears, on the device he chose; and a recording of it.
const kPartsPerSecond = 20;

export const kCanChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;

function hidden_audio(): HTMLAudioElement {
    const audio = document.createElement('audio');
    audio.hidden = true;
    audio.autoplay = true;
    document.body.append(audio);
    return audio;
}

export class Speaker {
    // The browser wants a click before it plays anything.
    on_blocked: (is_blocked: boolean) => void = () => {};

    private readonly audio_ = hidden_audio();
    private context_: AudioContext | null = null;

    // A browser decodes what arrives only where an element plays it, so a muted one does too.
    play(stream: MediaStream | null, is_muted: boolean): void {
        this.audio_.muted = is_muted;
        if (this.audio_.srcObject !== stream) {
            this.audio_.srcObject = stream;
        }
        if (stream !== null && this.audio_.paused) {
            this.resume();
        }
    }

    resume(): void {
        this.audio_.play().then(
            () => this.on_blocked(false),
            (error: DOMException) => this.on_blocked(error.name === 'NotAllowedError'),
        );
    }

    // A device that is not plugged in any more leaves the system's own in place.
    async choose(device: string): Promise<void> {
        if (kCanChooseSpeaker) {
            await this.audio_.setSinkId(device).catch(() => this.audio_.setSinkId(''));
        }
    }

    // Call from a click or key, as for every AudioContext.
    unlock(): void {
        this.context_ ??= new AudioContext();
        void this.context_.resume();
    }

    // Null where nothing came, or the browser cannot record.
    async record(stream: MediaStream, span_ms: number): Promise<AudioBuffer | null> {
        if (typeof MediaRecorder === 'undefined') {
            return null;
        }
        const recorder = new MediaRecorder(stream);
        const parts: Blob[] = [];
        const done = new Promise<void>((resolve) => (recorder.onstop = () => resolve()));
        recorder.ondataavailable = (event) => parts.push(event.data);
        recorder.start();
        setTimeout(() => recorder.state === 'recording' && recorder.stop(), span_ms);
        await done;
        const bytes = await new Blob(parts).arrayBuffer();
        // An empty recording is not decoded but refused.
        return (await this.context_?.decodeAudioData(bytes).catch(() => null)) ?? null;
    }

    // Through the same element as a call, and so on the same device. Ends with the recording.
    async play_back(recording: AudioBuffer): Promise<void> {
        const context = this.context_;
        if (context === null) {
            return;
        }
        const source = new AudioBufferSourceNode(context, { buffer: recording });
        const outlet = context.createMediaStreamDestination();
        source.connect(outlet);
        const ended = new Promise<void>((resolve) => (source.onended = () => resolve()));
        this.play(outlet.stream, false);
        source.start();
        await ended;
        this.play(null, false);
    }
}

// So many samples that a word is not averaged with the pause after it.
export function part_length_of(recording: AudioBuffer): number {
    return Math.floor(recording.sampleRate / kPartsPerSecond);
}
