// The microphone: opened while it is needed and no longer, and how loud it is.
import { kFloorDb, peak_level_db } from './phone_check';

// A third of a second: longer than a busy page leaves between two looks, so that no word is missed.
const kWindow = 16_384;
const kPart = 2048;

// Why there is no microphone; each has its own words, because each has another remedy.
export type MicrophoneProblem = 'refused' | 'missing' | 'taken' | 'insecure' | 'failed';

const kProblems: Record<string, MicrophoneProblem> = {
    NotAllowedError: 'refused',
    SecurityError: 'refused',
    NotFoundError: 'missing',
    OverconstrainedError: 'missing',
    NotReadableError: 'taken',
    AbortError: 'taken',
};

export function problem_of(error: unknown): MicrophoneProblem {
    return kProblems[(error as { name?: string } | null)?.name ?? ''] ?? 'failed';
}

// `device` is a wish: when it is not plugged in any more, the system's own is as good as it gets.
async function open_stream(device: string): Promise<MediaStream | MicrophoneProblem> {
    if (navigator.mediaDevices === undefined) {
        return 'insecure'; // browsers give microphones to HTTPS and to this machine alone
    }
    try {
        return await navigator.mediaDevices.getUserMedia({
            audio: {
                deviceId: device === '' ? undefined : { ideal: device },
                echoCancellation: true,
                noiseSuppression: true,
                autoGainControl: true,
            },
        });
    } catch (error) {
        return problem_of(error);
    }
}

export class Microphone {
    // The device went away while it was open.
    on_end: () => void = () => {};

    private stream_: MediaStream | null = null;
    private opening_: Promise<MediaStreamTrack | MicrophoneProblem> | null = null;
    private context_: AudioContext | null = null;
    private source_: MediaStreamAudioSourceNode | null = null;
    private analyser_: AnalyserNode | null = null;

    get track(): MediaStreamTrack | null {
        return this.stream_?.getAudioTracks()[0] ?? null;
    }

    // Several who ask at once get the same track.
    open(device: string): Promise<MediaStreamTrack | MicrophoneProblem> {
        if (this.track !== null) {
            return Promise.resolve(this.track);
        }
        this.opening_ ??= this.open_(device).finally(() => (this.opening_ = null));
        return this.opening_;
    }

    close(): void {
        this.source_?.disconnect();
        this.source_ = null;
        this.stream_?.getTracks().forEach((track) => {
            track.onended = null;
            track.stop();
        });
        this.stream_ = null;
    }

    // Call from a click or key: browsers let sound be measured only there.
    measure(): void {
        if (this.stream_ === null) {
            return;
        }
        this.context_ ??= new AudioContext();
        void this.context_.resume();
        this.analyser_ ??= new AnalyserNode(this.context_, { fftSize: kWindow });
        if (this.source_ === null) {
            this.source_ = this.context_.createMediaStreamSource(this.stream_);
            this.source_.connect(this.analyser_);
        }
    }

    // In dB below full scale, of the loudest 40 ms or so of the last third of a second.
    level(): number {
        if (this.analyser_ === null || this.source_ === null) {
            return kFloorDb;
        }
        const samples = new Float32Array(this.analyser_.fftSize);
        this.analyser_.getFloatTimeDomainData(samples);
        return peak_level_db(samples, kPart);
    }

    private async open_(device: string): Promise<MediaStreamTrack | MicrophoneProblem> {
        const opened = await open_stream(device);
        if (typeof opened === 'string') {
            return opened;
        }
        this.close();
        this.stream_ = opened;
        const track = this.track;
        if (track === null) {
            return 'missing';
        }
        track.onended = () => {
            this.close();
            this.on_end();
        };
        return track;
    }
}
