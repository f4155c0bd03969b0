/** Starts the operators' console: one page, no router, on a listener of its own. */
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../app/base.css';
import { Sayings } from '../ui/sayings.tsx';
import { queries } from './api.ts';
import { Console } from './console.tsx';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Console />
      <Sayings />
    </QueryClientProvider>
  </StrictMode>,
);
