// Svelte 5 strips the types itself; nothing else is to be done before it compiles.
export default {};
