using BenchmarkDotNet.Running;
using LoginPortal.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(SignInBenchmarks).Assembly).Run(args);
