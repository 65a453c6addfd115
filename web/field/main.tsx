import "../shared/fonts.css";
import "../shared/theme.css";
import "../shared/ring.css";
import "./styles/index.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Speaking } from "../shared/texts/index.tsx";
import { createEngine } from "./engine/index.ts";
import { Field } from "./Field.tsx";
import { dress } from "./look.ts";
import { follow } from "./route.ts";
import { quickTaps } from "./tap.ts";
import { languages } from "./texts/index.tsx";
import { appVersion } from "./waiting/Device.tsx";

dress();
addEventListener("click", follow);
quickTaps(document);
const engine = createEngine({ app: appVersion });
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Speaking languages={languages}>
      <Field engine={engine} />
    </Speaking>
  </StrictMode>,
);
