import { Component, type ReactNode, useState } from "react";
import { Icon } from "../shared/Icon.tsx";
import type { Engine } from "./engine/index.ts";
import { download, exportName } from "./export.ts";
import { useT } from "./texts/index.tsx";

interface Props {
  engine: Engine;
  children: ReactNode;
  // What it stands around: another of these gets another chance.
  place?: string;
  // What to show in place of a part that broke and isn't the whole screen.
  instead?: (retry: () => void) => ReactNode;
}

// Guard catches what breaks on a screen. The engine lives outside of it, so the
// queue goes on being sent; and if nothing else works, it can be taken out as a
// file from here.
export class Guard extends Component<Props, { broken?: Error; place?: string }> {
  override state: { broken?: Error; place?: string } = {};

  static getDerivedStateFromError(broken: Error) {
    return { broken };
  }

  static getDerivedStateFromProps(props: Props, state: { broken?: Error; place?: string }) {
    return props.place === state.place ? null : { place: props.place, broken: undefined };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    const retry = () => this.setState({ broken: undefined });
    if (this.props.instead) return this.props.instead(retry);
    return <Broken engine={this.props.engine} error={this.state.broken} onRetry={retry} />;
  }
}

function Broken({ engine, error, onRetry }: { engine: Engine; error: Error; onRetry: () => void }) {
  const t = useT();
  const [wrong, setWrong] = useState(false);
  const waiting = engine.state().waiting;
  const save = () =>
    engine.exportQueue().then(
      blob => download(blob, exportName(engine.state(), Date.now())),
      () => setWrong(true),
    );
  return (
    <div className="broken" role="alert">
      <Icon name="alert" size={40} />
      <h1>{t("broken.title")}</h1>
      <p>{t("broken.kept", { n: waiting })}</p>
      <div className="broken-do">
        <button type="button" className="button main" onClick={onRetry}>
          <Icon name="refresh" size={24} /> {t("do.retry")}
        </button>
        <button type="button" className="button" onClick={() => location.reload()}>
          {t("broken.reload")}
        </button>
        <button type="button" className="button" onClick={() => void save()}>
          <Icon name="file" size={24} /> {t("waiting.export")}
        </button>
      </div>
      {wrong && <p className="wrong">{t("problem.other")}</p>}
      <details>
        <summary>{t("broken.detail")}</summary>
        <pre dir="ltr">{error.message}</pre>
      </details>
    </div>
  );
}
