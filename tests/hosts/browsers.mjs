// Browsers: one process each, on a page of the loopback server that asks for one suite after another and tells its results.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bodyOf, sendJson, sendPage } from "./server.mjs";

/** Firefox asks nobody anything at its start, and fetches nothing but our page. */
const FIREFOX_PREFERENCES = {
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.tabs.warnOnClose": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "datareporting.policy.dataSubmissionPolicyBypassNotification": true,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "toolkit.telemetry.enabled": false,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
  // A loop of a test is no script that hangs.
  "dom.max_script_run_time": 0,
  "dom.max_chrome_script_run_time": 0,
  // Audio begins without a click, and the microphone is one that hums.
  "media.autoplay.default": 0,
  "media.autoplay.blocking_policy": 0,
  "media.navigator.permission.disabled": true,
  "media.navigator.streams.fake": true,
};

/**
 * Runs a program beside a sound server of its own that plays to nobody: without one, Firefox's AudioContext never runs. Both are
 * of one process group, and end with it.
 */
const WITH_SOUND = `export PULSE_SERVER="unix:$0"
pulseaudio -n --daemonize=no --use-pid-file=no --exit-idle-time=-1 \\
  -L "module-native-protocol-unix socket=$0 auth-anonymous=1" -L "module-null-sink rate=48000" 2>/dev/null &
exec "$@"`;

/** The folder of WebKitGTK's small browser, whose version is in its name. */
function miniBrowser() {
  const libraries = `/usr/lib/${{ x64: "x86_64", arm64: "aarch64" }[process.arch]}-linux-gnu`;
  const folders = existsSync(libraries) ? readdirSync(libraries).filter((name) => name.startsWith("webkit2gtk-4")) : [];
  const paths = folders.map((name) => join(libraries, name, "MiniBrowser"));
  return paths.find((path) => existsSync(path)) ?? join(libraries, "webkit2gtk-4.1/MiniBrowser");
}

/** Each with Debian's packages that it comes from, and the command that opens an address in a fresh profile. */
export const browsers = [
  {
    name: "chromium",
    needs: () => [["/usr/bin/chromium", "chromium"]],
    version: ["/usr/bin/chromium", "--version"],
    open: (profile, address) => [
      "/usr/bin/chromium",
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
      "--autoplay-policy=no-user-gesture-required",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      // The heap is measured when it is asked for, not some minutes later.
      "--enable-blink-features=ForceEagerMeasureMemory",
      `--user-data-dir=${profile}`,
      address,
    ],
  },
  {
    name: "firefox",
    needs: () => [
      ["/usr/bin/firefox-esr", "firefox-esr"],
      ["/usr/bin/pulseaudio", "pulseaudio"],
    ],
    version: ["/usr/bin/firefox-esr", "--version"],
    open: (profile, address) => {
      const lines = Object.entries(FIREFOX_PREFERENCES).map(
        ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
      );
      writeFileSync(join(profile, "user.js"), lines.join("\n"));
      const firefox = ["/usr/bin/firefox-esr", "--headless", "--no-remote", "--profile", profile, address];
      return ["/bin/sh", "-c", WITH_SOUND, join(profile, "sound"), ...firefox];
    },
  },
  {
    name: "webkit",
    needs: () => [
      [miniBrowser(), "webkit2gtk-driver"],
      ["/usr/bin/xvfb-run", "xvfb"],
      ["/usr/bin/xauth", "xauth"],
    ],
    version: () => ["/usr/bin/xvfb-run", "-a", miniBrowser(), "--version"],
    open: (_profile, address) => ["/usr/bin/xvfb-run", "-a", miniBrowser(), address],
    environment: { JSC_useSharedArrayBuffer: "1", LIBGL_ALWAYS_SOFTWARE: "1" },
  },
];

/** The browser's version, as it says itself. */
export function versionOf({ version }) {
  const [command, ...args] = typeof version === "function" ? version() : version;
  const text = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return text.match(/\d+(\.\d+)+/)[0];
}

const PAGE = `<!doctype html><title>forebay</title><body><script type="module" src="/bundle/page/main.mjs"></script>`;

/** What the address of a page ends in that is not isolated. */
const OPEN = "open";

/** The conversation with one browser: which routes of the server it needs, and how a suite is run in it. */
export class Browser {
  #browser;
  #address;
  #child;
  #profile;
  #jobs = [];
  #current;

  constructor(browser) {
    this.#browser = browser;
  }

  /** What answers the browser's page. Its paths begin with the browser's name, since one server serves all. */
  routes() {
    const { name } = this.#browser;
    return {
      [name]: async (request, response) => {
        if (request.method !== "POST") return sendPage(response, PAGE, !request.url.endsWith(`/${OPEN}`));
        const what = JSON.parse(await bodyOf(request));
        sendJson(response, what.next ? this.#next(what.isolated) : {});
        this.#heard(what);
      },
    };
  }

  /** Runs one suite; resolves to its result, and rejects when the browser ends or falls silent without one. */
  run({ address, host, kind, suite, isolated, at, silenceMs }) {
    this.#address = address;
    return new Promise((resolve, reject) => {
      const path = `/${this.#browser.name}/${isolated ? "" : OPEN}`;
      const told = { host, place: kind, suite, path };
      this.#jobs.push({ told, isolated, at, resolve, reject, silenceMs, last: "its start" });
      if (this.#child === undefined) this.#start();
    });
  }

  #start() {
    this.#profile = mkdtempSync(join(tmpdir(), `forebay-${this.#browser.name}-`));
    const [command, ...args] = this.#browser.open(this.#profile, `${this.#address}/${this.#browser.name}/`);
    const home = join(this.#profile, "home");
    mkdirSync(home);
    const child = spawn(command, args, {
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
      env: {
        ...process.env,
        ...this.#browser.environment,
        HOME: home,
        XDG_RUNTIME_DIR: home,
        MOZ_CRASHREPORTER_DISABLE: "1",
      },
    });
    this.#child = child;
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      log = (log + text).slice(-3000);
    });
    this.#wait(this.#jobs[0]);
    child.once("error", (error) => this.#broke(child, error.message));
    child.once("exit", (status, signal) => this.#broke(child, `the browser ended (${status ?? signal})\n${log}`));
  }

  /** Ends what a browser that has gone or hangs was asked for; the next suite starts another one. */
  #broke(child, why) {
    if (this.#child !== child) return;
    this.#end();
    const job = this.#current ?? this.#jobs[0];
    this.#current = undefined;
    this.#jobs = this.#jobs.filter((other) => other !== job);
    if (job) {
      clearTimeout(job.timer);
      job.reject(new Error(`${why}, at: ${job.last}`));
    }
    if (this.#jobs.length > 0) this.#start();
  }

  #wait(job) {
    clearTimeout(job.timer);
    const why = `the browser said nothing for ${job.silenceMs / 1000} s`;
    job.timer = setTimeout(() => this.#broke(this.#child, why), job.silenceMs);
  }

  /** The next job; or where to go for it, from a page that is isolated though the job's is not, or the other way round. */
  #next(isolated) {
    const [coming] = this.#jobs;
    if (coming && !this.#current && coming.isolated !== isolated) {
      return { go: `/${this.#browser.name}/${coming.isolated ? "" : OPEN}` };
    }
    const lost = this.#current;
    if (lost) {
      clearTimeout(lost.timer);
      lost.reject(new Error(`the page was loaded anew, at: ${lost.last}`));
    }
    this.#current = this.#jobs.shift();
    if (this.#current) this.#wait(this.#current);
    return this.#current?.told ?? null;
  }

  #heard(what) {
    const job = this.#current;
    if (job === undefined) return;
    this.#wait(job);
    job.last = what.at ?? job.last;
    if (what.at) job.at(job.last);
    if (!what.result && !what.broken) return;
    clearTimeout(job.timer);
    this.#current = undefined;
    if (what.result) job.resolve(what.result);
    else job.reject(new Error(what.broken));
  }

  #end() {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid !== undefined) {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch (error) {
        if (error.code !== "ESRCH") throw error;
      }
    }
    // What a browser still writes while it dies is in the way of nobody.
    if (this.#profile) rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    this.#profile = undefined;
  }

  /** Bytes that the browser's processes have for themselves. */
  privateBytes() {
    let bytes = 0;
    for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const [, , group] = readFileSync(`/proc/${id}/stat`, "utf8")
          .replace(/^.*\) /, "")
          .split(" ");
        if (Number(group) !== this.#child?.pid) continue;
        const [, kilobytes] = /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
        bytes += Number(kilobytes ?? 0) * 1024;
      } catch {
        // It has ended meanwhile.
      }
    }
    return bytes;
  }

  /** Ends the browser. */
  close() {
    this.#end();
  }
}
