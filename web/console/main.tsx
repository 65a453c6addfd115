import "../shared/fonts.css";
import "../shared/theme.css";
import "../shared/ring.css";
import "./styles/index.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "../shared/client.ts";
import { languages, Speaking } from "../shared/texts/index.tsx";
import { dress } from "../shared/theme.ts";
import { router } from "./router.tsx";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      refetchOnWindowFocus: false,
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
        <RouterProvider router={router} />
      </Speaking>
    </QueryClientProvider>
  </StrictMode>,
);
