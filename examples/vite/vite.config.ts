import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: { rollupOptions: { input: ['index.html', 'help.html'] } },
  // Whatever runs on the server is one file with all that it needs.
  ssr: { noExternal: true },
});
