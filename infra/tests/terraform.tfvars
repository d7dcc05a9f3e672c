# The images of a plan in tests: one of each crate, by a digest, as deployments name them.
images = {
  bootstrap    = "region-docker.pkg.dev/p/convergence/bootstrap@sha256:333c04dd151a2a6831c039cb9a651df29198be8a04e16ce861d4b6a34a11c954"
  costs        = "region-docker.pkg.dev/p/convergence/costs@sha256:bcde6928e538c63c2cb8b26055ef80e2d267c4b682d2680ca29aece97ce76f1b"
  integrations = "region-docker.pkg.dev/p/convergence/integrations@sha256:7955c8192dc2275a98000e7d0cc35e815a44b949a67bb8e0b8afe184c97b82c5"
  onboard      = "region-docker.pkg.dev/p/convergence/onboard@sha256:059d49674f2e2802f3a53a682e9a0fc8ac5e7d882dcf9f87ed72200b2c1eaf2a"
  run-pipeline = "region-docker.pkg.dev/p/convergence/run-pipeline@sha256:bb1e91ba76a36d8faefede1519c63ae0901ad506cf26cb28f5c0bb9d40afd8ee"
  scheduler    = "region-docker.pkg.dev/p/convergence/scheduler@sha256:a02ba163f3a02db22fdd14b310119f1a4c2f9e4a773a573f757904dd5433d4dd"
}
