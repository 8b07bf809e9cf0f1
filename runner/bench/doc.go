// Package bench times whole training steps of the models that the program is compared by, and says how much
// of the core's arithmetic they use.
//
// It does not train trials: nothing it measures enters the ledger.
//
// # Words
//
// A model is one of the twelve of the comparison (MODELS.md beside bench.py), in [Models]. A step is forward, loss, backward and optimiser. The peak is what the core does in
// fused multiply-adds on registers alone, measured in the same process between the models.
//
// # Invariants
//
//  1. Every model has the parameters and FLOPs of its definition. (TestModelsAreAsDefined)
//  2. A start drawn from the same seed is the same everywhere. (TestStartsAreTheDefinedNumbers)
//  3. Every kind of net follows another program's golden training, and its compiled program gorgonia's machine.
//     (TestGoldenTrainingOfNetsOfPictures, TestGoldenTrainingOfATransformerAndADenoiser,
//     TestGoldenTrainingOfAGAN, TestAProgramEqualsTheTapeMachine, TestAGANsProgramsEqualTheTapeMachine)
//  4. The report holds what was measured and can be read back. (TestAReportReadsBack)
//
// # May import
//
// runner/net, runner/ops, runner/task, runner/kernel, gorgonia, x/sys.
package bench
