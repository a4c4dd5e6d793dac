import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `pnpm dev` finds the API; the built console is served by the API itself, same origin. */
const api = process.env.WELLSPRING_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { host: "127.0.0.1", port: 5173, proxy: { "/api": { target: api } } },
  build: { target: "es2022", chunkSizeWarningLimit: 1200, sourcemap: false },
});
