import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

const centre = process.env.LANZE_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
    plugins: [tailwindcss(), svelte()],
    build: {
        target: 'es2022',
        // The page's CSP is default-src 'self': nothing may become a data: address.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        // Two pages: for those who work here, and for those who call.
        rollupOptions: { input: ['index.html', 'call.html'] },
    },
    server: { proxy: { '/api': { target: centre, ws: true } } },
    test: { include: ['src/**/*_test.ts'] },
});
