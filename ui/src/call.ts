// Starts the page on which callers call.
import { mount } from 'svelte';

import './app.css';
import CallPage from './call/CallPage.svelte';

mount(CallPage, { target: document.body });
