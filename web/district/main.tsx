import "../shared/fonts.css";
import "../shared/theme.css";
import "./styles/index.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "../shared/client.ts";
import { Speaking } from "../shared/texts/index.tsx";
import { dress } from "../shared/theme.ts";
import { Door } from "./Door.tsx";
import { languages } from "./texts/index.tsx";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A refusal stays one; only a network or a server that is away is asked again.
      retry: (count, err) => count < 2 && !(err instanceof Problem && err.status >= 400 && err.status < 500),
    },
  },
});

dress();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Speaking languages={languages}>
        <Door />
      </Speaking>
    </QueryClientProvider>
  </StrictMode>,
);
