import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { packageRoot } from "../../core/model/index.js";
import { mediaOf } from "../../protocols/media.js";

const files = path.join(packageRoot(import.meta.url), "fixtures/dossier/files");
const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, [...args], { encoding: "utf8", timeout: 60_000, stdio: ["ignore", "pipe", "ignore"] });

/** What FFmpeg's own reader says; null where it knows no length. */
function probed(file: string): { seconds: number | null; width: number; height: number } {
  const said = JSON.parse(
    run("ffprobe", [
      "-v",
      "error",
      "-of",
      "json",
      "-show_entries",
      "format=duration:stream=codec_type,width,height",
      file,
    ]),
  ) as { format?: { duration?: string }; streams?: { codec_type: string; width: number; height: number }[] };
  const video = said.streams?.find((stream) => stream.codec_type === "video");
  return {
    seconds: said.format?.duration ? Number(said.format.duration) : null,
    width: video?.width ?? 0,
    height: video?.height ?? 0,
  };
}

describe("media, beside FFmpeg and OpenSSL", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-media-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("measures the project's videos and pictures alike", async () => {
    const names = readdirSync(files).filter((name) => /\.(?:mp4|webm|png)$/.test(name));
    expect(names.length).to.be.greaterThan(3);
    for (const name of names) {
      const media = await mediaOf(readFileSync(path.join(files, name)));
      const theirs = probed(path.join(files, name));
      expect({ seconds: media?.seconds, width: media?.width, height: media?.height }, name).to.deep.equal(theirs);
    }
  });

  /** How a screen gets recorded: by a tool, by a phone, by a browser, in fragments, with sound that is longer or shorter. */
  const WAYS: readonly (readonly [string, string, readonly string[], number])[] = [
    ["header last", "a.mp4", ["-c:v", "libx264"], 2.4],
    ["header first", "b.mp4", ["-c:v", "libx264", "-movflags", "+faststart"], 2.4],
    ["fragments, no length", "c.mp4", ["-c:v", "libx264", "-g", "5", "-movflags", "frag_keyframe+empty_moov"], 2.4],
    [
      "fragments with defaults",
      "d.mp4",
      ["-c:v", "libx264", "-g", "5", "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
      2.4,
    ],
    ["QuickTime", "e.mov", ["-c:v", "mjpeg"], 2.4],
    ["WebM VP8", "f.webm", ["-c:v", "libvpx"], 2.4],
    ["WebM VP9 without length", "g.webm", ["-c:v", "libvpx-vp9", "-f", "webm", "-live", "1"], 2.4],
    ["Matroska", "h.mkv", ["-c:v", "libx264"], 2.4],
  ];
  for (const [how, name, options, seconds] of WAYS) {
    it(`measures a recording alike: ${how}`, async () => {
      const file = path.join(folder, name);
      const source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=10:duration=2.4"];
      run("ffmpeg", ["-y", "-loglevel", "error", ...source, ...options, "-pix_fmt", "yuvj420p", file]);
      const media = await mediaOf(readFileSync(file));
      const theirs = probed(file);
      expect(media?.width).to.equal(theirs.width);
      expect(media?.height).to.equal(theirs.height);
      // A recording that announces no length: FFmpeg does not count its blocks, we do.
      expect(media?.seconds).to.be.closeTo(theirs.seconds ?? seconds, 0.11);
      expect(media?.seconds).to.be.closeTo(seconds, 0.11);
    });
  }

  it("gives no length to a recording cut in its middle, as FFmpeg finds it damaged", async () => {
    const whole = readFileSync(path.join(folder, "a.mp4"));
    const cut = path.join(folder, "cut.mp4");
    writeFileSync(cut, whole.subarray(0, whole.length >> 1));
    expect((await mediaOf(readFileSync(cut)))?.seconds).to.equal(null);
    expect(() => probed(cut)).to.throw();
  });

  it("calls signed what OpenSSL verifies", async () => {
    for (const name of ["attestation-signee.pdf", "test-intrusion-signe.pdf"]) {
      const bytes = readFileSync(path.join(files, name));
      expect((await mediaOf(bytes))?.signed).to.equal(true);
      const range = /\/ByteRange \[0 (\d+) (\d+) (\d+)/.exec(bytes.toString("latin1"))?.slice(1).map(Number) ?? [];
      const [before = 0, after = 0, rest = 0] = range;
      expect(after + rest, "everything but the signature is signed").to.equal(bytes.length);
      const content = path.join(folder, "content");
      const signature = path.join(folder, "signature");
      writeFileSync(content, Buffer.concat([bytes.subarray(0, before), bytes.subarray(after)]));
      writeFileSync(signature, Buffer.from(bytes.toString("latin1", before + 1, after - 1), "hex"));
      const verify = [
        "cms",
        "-verify",
        "-inform",
        "DER",
        "-in",
        signature,
        "-content",
        content,
        "-binary",
        "-noverify",
      ];
      run("openssl", [...verify, "-out", path.join(folder, "out")]);
      writeFileSync(content, Buffer.concat([bytes.subarray(0, before - 1), bytes.subarray(after)]));
      expect(() => run("openssl", [...verify, "-out", path.join(folder, "out")]), "a byte less").to.throw();
    }
  });
});
