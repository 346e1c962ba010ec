// The length of texts as the centre counts it.

// The centre counts bytes of UTF-8, not letters.
export function bytes_of(text: string): number {
    return new TextEncoder().encode(text).length;
}
