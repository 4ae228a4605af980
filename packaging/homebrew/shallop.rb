# Homebrew formula. `node tools/release.ts formula TARBALL` fills in the version and the checksum of a release.
class Shallop < Formula
  desc "Kubernetes API, serverless: kubectl, Helm and client-go against one process"
  homepage "https://www.npmjs.com/package/shallop"
  url "https://registry.npmjs.org/shallop/-/shallop-@VERSION@.tgz"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec.glob("bin/*")
  end

  test do
    ENV["SHALLOP_DATA_DIR"] = testpath/"data"
    ENV["KUBECONFIG"] = testpath/"kubeconfig"
    server = spawn(bin/"shallop", "up", "--port", "0", "--runtime", "fake", out: File::NULL)
    begin
      100.times do
        break if quiet_system(bin/"shallop", "status")

        sleep 0.2
      end
      assert_match "kube-system", shell_output("#{bin}/shallop get namespaces")
    ensure
      Process.kill("TERM", server)
      Process.wait(server)
    end
  end
end
