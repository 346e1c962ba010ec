// Solves a challenge beside the page, which stays quick meanwhile.
import { solve } from './sha256';

self.onmessage = (event: MessageEvent<{ challenge: string; bits: number }>) => {
    self.postMessage(solve(event.data.challenge, event.data.bits));
};
