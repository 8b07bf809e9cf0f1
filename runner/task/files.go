package task

// File is a data file that tasks train on. It is known by what it holds, never by its name on somebody's disk.
type File struct {
	Name  string
	Size  int    // unpacked bytes
	SHA   string // SHA-256 of the unpacked bytes
	Tasks string // who trains on it
	From  string // where it comes from
	head  int    // the file is also the first rows of a larger one of the same kind: how many; 0: it is not
}

// Files lists the data files there are to bring.
func Files() []File {
	const mnist = "MNIST (LeCun, Cortes & Burges 1998)"
	const isbi = "ISBI 2012 membranes, reduced to 128×128 (Arganda-Carreras et al. 2015; Cardona et al. 2010)"
	const cifar = "CIFAR-10 (Krizhevsky 2009), a balanced part, as JPEG had left it"
	return []File{
		{mnistImages, 7840016, "2889698e6bc3614913e76901316712919d1998fc2b44512451bfe65bc1e668b1", "D4", mnist, 10000},
		{mnistLabels, 10008, "651e38e2ac0632f5113ec18f1df4977117f953197819034009971a6675a0df78", "D4", mnist, 10000},
		{cifarTrainFile, 13828500, "b7a3d26dbdb24b4f972cb585233391d4036c0cfe3a7d6b41068161481bd2052f", "D5, D5c", cifar, 0},
		{cifarTestFile, 3073000, "ae55f8b4a36f2d326419148653e2bb66143ce7be89a030b1cfbf84f612bd109b", "D5, D5c", cifar, 0},
		{isbiImages, 491536, "b50b4a2a81621adde6487761925f07bd0bb7e92d9b5ef3a0ee3d988a3c4bd6dc", "D8 with data: membranes", isbi, 0},
		{isbiLabels, 491536, "acc2d0e99ce61c016af463661c56d44f8e74c181a26dcb6a2e05d42ddd3ca4d1", "D8 with data: membranes", isbi, 0},
	}
}

// The names that files have in a data folder.
const (
	mnistImages    = "mnist-train-10000-images.idx3"
	mnistLabels    = "mnist-train-10000-labels.idx1"
	cifarTrainFile = "cifar10-train-4500.bin"
	cifarTestFile  = "cifar10-test-1000.bin"
	isbiImages     = "isbi2012-128-images.idx3"
	isbiLabels     = "isbi2012-128-labels.idx3"
)

// embedded are the files that come with the program, by their unpacked bytes.
func embedded() []File {
	return []File{
		{Name: "digits-test-images.idx3", Size: 115024, SHA: "359cd13f0f514122884198b78a131df597421cbf5e93a76678fa96fc548f0d96"},
		{Name: "digits-test-labels.idx1", Size: 1805, SHA: "ce71631c1f31ce56fa54f31d1d498fafacff59b001e6c30c4a5e29508aa277ad"},
		{Name: excerpt, Size: excerptSize, SHA: excerptSHA},
	}
}

// fileNamed finds a file, embedded or not.
func fileNamed(name string) (File, bool) {
	for _, f := range append(Files(), embedded()...) {
		if f.Name == name {
			return f, true
		}
	}
	return File{}, false
}

// needs names the files that t's data are made from.
func (t Task) needs() []string {
	digits := []string{"digits-test-images.idx3", "digits-test-labels.idx1"}
	mnist := []string{mnistImages, mnistLabels}
	o := t.Options
	switch t.rules() {
	case "D1", "A2":
		return digits
	case "D9a":
		if o.Data == DataMNIST {
			return mnist
		}
		return digits
	case "D9b":
		if o.Space != SpaceRing {
			return digits
		}
	case "D4":
		if o.Data == DataDigits {
			return digits
		}
		return mnist
	case "D5":
		if o.Data != DataShapes {
			return []string{cifarTrainFile, cifarTestFile}
		}
	case "D7":
		return []string{excerpt}
	case "D8":
		if o.Data == DataMembranes {
			return []string{isbiImages, isbiLabels}
		}
	}
	return nil
}
