package page;

/** How every page looks: one column, light or dark as the browser is set, in the fonts of the device. */
final class Style {
    private Style() {
    }

    static final String CSS = """
            :root { --ground: #fbfbfa; --card: #ffffff; --ink: #1c1e21; --quiet: #5b6067; --hair: #e2e3e5; --track: #eceded;
              --good: #12704a; --bad: #b3261e; --doubtful: #855300; --plain: #5b6067; }
            @media (prefers-color-scheme: dark) {
              :root { --ground: #131517; --card: #1b1e21; --ink: #eceef0; --quiet: #a3a9b1; --hair: #30353a; --track: #2a2e33;
                --good: #57c793; --bad: #ff8a80; --doubtful: #e9b04f; --plain: #a3a9b1; } }
            * { box-sizing: border-box; }
            html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
            body { margin: 0; overflow-wrap: anywhere; background: var(--ground); color: var(--ink);
              font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
            main { max-width: 46rem; margin: 0 auto; padding: 3.5rem 1.5rem 5rem; }
            p, ul, ol, dl, dd, h1, h2, h3 { margin: 0; padding: 0; }
            ul, ol { list-style: none; }
            header { padding-bottom: 2.25rem; }
            .kind { color: var(--quiet); }
            h1 { font-size: clamp(2.75rem, 11vw, 4.5rem); line-height: 1.08; letter-spacing: -0.03em; font-weight: 700;
              margin: 0.35rem 0 0.9rem; color: var(--plain); }
            .good > h1 { color: var(--good); } .bad > h1 { color: var(--bad); } .doubtful > h1 { color: var(--doubtful); }
            .sentence { font-size: 1.25rem; line-height: 1.4; max-width: 34rem; text-wrap: pretty; }
            .facts { display: flex; flex-wrap: wrap; gap: 0.1rem 1.25rem; margin-top: 1.1rem; color: var(--quiet);
              font-size: 0.875rem; }
            section { border-top: 1px solid var(--hair); padding: 2.25rem 0 2.5rem; }
            h2 { font-size: 1.125rem; line-height: 1.3; font-weight: 600; margin-bottom: 1.25rem; }
            h3 { font-size: 1rem; font-weight: 600; }
            code { font: 0.875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
              overflow-wrap: anywhere; }
            .id { white-space: nowrap; }
            .plainly { padding-left: 1.15rem; list-style: disc; color: var(--quiet); font-size: 0.9375rem; }
            .plainly li + li { margin-top: 0.5rem; }
            .dot { width: 0.62em; height: 0.62em; flex: none; fill: currentColor; stroke: none; overflow: visible; }
            .dot path { stroke: currentColor; stroke-width: 2; fill: none; } .dot .full { fill: currentColor; stroke: none; }
            .dot .hollow { fill: none; stroke: currentColor; stroke-width: 1.4; }
            .good.dot, .word.good { color: var(--good); } .bad.dot, .word.bad { color: var(--bad); }
            .doubtful.dot, .word.doubtful { color: var(--doubtful); } .plain.dot, .word.plain { color: var(--plain); }
            .cluster + .cluster { margin-top: 2rem; }
            .cluster .head { display: flex; flex-wrap: wrap; gap: 0.1rem 0.75rem; align-items: baseline;
              margin-bottom: 0.75rem; }
            .word { font-weight: 600; } .head .of { color: var(--quiet); font-size: 0.875rem; }
            .members { display: grid; grid-template-columns: repeat(auto-fit, minmax(13.2rem, 1fr)); gap: 0.75rem; }
            .member { background: var(--card); border: 1px solid var(--hair); border-radius: 8px; padding: 0.9rem 1rem 1rem;
              min-width: 0; }
            .member .name { display: flex; justify-content: space-between; align-items: baseline; gap: 0.75rem; }
            .member .name strong { font-size: 1.25rem; line-height: 1.3; } .member .zone { color: var(--quiet);
              font-size: 0.8125rem; }
            .member .volume { margin-top: 0.7rem; } .volume .state { display: flex; align-items: center; gap: 0.5rem;
              font-weight: 600;
              font-size: 0.875rem; }
            .volume code { display: block; font-size: 0.8125rem; } .volume .more { color: var(--quiet); font-size: 0.8125rem;
              line-height: 1.4; overflow-wrap: anywhere; }
            .volume.past code { color: var(--quiet); text-decoration: line-through; text-decoration-thickness: 1px; }
            .points li + li { margin-top: 1.25rem; }
            .points .top { display: flex; flex-wrap: wrap; gap: 0 0.6rem; align-items: center; }
            .points .on { color: var(--quiet); } .points .hint { color: var(--quiet); }
              .points .hint::before { content: "\\2192\\00a0"; }
            .commands li { background: var(--card); border: 1px solid var(--hair); border-radius: 6px; padding: 0.6rem 0.85rem;
              margin-top: 0.5rem; }
            @media (max-width: 30rem) {
              main { padding: 2.25rem 1.15rem 3.5rem; } section { padding: 1.9rem 0 2rem; } }
            @media print { body { background: #fff; } section, .member { break-inside: avoid; } }
            """;
}
