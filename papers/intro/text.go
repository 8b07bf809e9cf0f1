package intro

// Title and Authors of the paper.
const Title = "Skip connections: a short introduction"

const byline = "the tenet developers"

const abstract = "A skip connection hands the state of a network past one or more layers and joins it with what those layers compute. Skips made very deep networks trainable, and today most large networks have them. This introduction collects the reasons that have been given for their success, the cases in which they do not help, and the questions that experiments can decide. It reads a skip as a memory with a write rate: what counts is where it reads, how it joins, and how much is written over it."

type kind int

const (
	heading kind = iota
	paragraph
	figure
	table
)

type item struct {
	kind kind
	text string
}

func items() []item {
	return []item{
		{heading, "1 What a skip connection is"},
		{paragraph, "A plain network passes its state from layer to layer, and each layer replaces what it was given. A skip connection adds a second way: the state before a layer is kept and joined with the state after it. In a residual network the two are added, so that the layer only has to compute a change (He et al., 2015). In a highway network a learned gate mixes them (Srivastava et al., 2015). In a densely connected network the new features are appended to all earlier ones (Huang et al., 2016a). In a U-Net the link is long and leads from the way down to the way up (Ronneberger et al., 2015). Recurrent networks had the idea first: the cell of an LSTM keeps its content through a connection of weight one, and gates protect it from unwanted writes (Hochreiter and Schmidhuber, 1997)."},
		{figure, "Figure 1: A plain block replaces its input; a residual block adds a change to it."},
		{heading, "2 Why depth is hard"},
		{paragraph, "More layers can express more, but plain networks stop profiting after about twenty of them. He et al. (2015) found that a plain network with 34 layers had a higher training error than one with 18, so overfitting cannot be the cause. Their networks already used batch normalisation and their gradients had healthy sizes, so gradients that merely vanish are not the explanation either. Balduzzi et al. (2017) gave a sharper account. In deep plain networks the gradients at two nearby inputs have almost nothing in common, because the correlation between them decays exponentially with depth. A step that helps one example is then noise for its neighbour, and the early layers cannot tell which of their changes was useful. Table 1 shows how the picture turns once the blocks have skips."},
		{table, "Table 1: Top-1 error on ImageNet in per cent, as reported by He et al. (2015)."},
		{paragraph, "The size of the effect depends on shape as well as on depth. Hanin (2018) showed for fully connected networks that gradients fluctuate more the larger the sum of the reciprocal widths is, so a narrow network is in trouble earlier than a wide one. Li et al. (2018) drew loss surfaces and saw them turn from nearly convex to chaotic as plain networks grew deeper, while networks with skips stayed smooth. Degenerate directions are a further reason: Orhan and Pitkow (2017) argue that skips remove them, because units can no longer be exchanged, die or become dependent so easily."},
		{heading, "3 Why an identity path helps"},
		{paragraph, "The simplest reason is that a part of the signal arrives unchanged. If the skip is the identity and nothing stands on the path, then the state of any block is the state of an earlier block plus a sum of changes, and the gradient splits in the same way (He et al., 2016). Whatever scales, gates or projects the path multiplies factors along it, which is why such shortcuts trained worse although they can express the identity too. It is also easier to learn a small change than to learn an identity from scratch, because a change of zero only needs weights near zero. Attention shows the same need even more strongly. Dong et al. (2021) proved that pure attention layers drive all tokens towards one vector, doubly exponentially in depth, and that skips prevent it."},
		{paragraph, "The path need not stay for ever. RepVGG trains with skips and folds them away afterwards, which suggests that their value lies in learning and not in the function that is learned (Ding et al., 2021). Nor is the skip the only cure: careful initial weights have trained plain convolutional networks of ten thousand layers (Xiao et al., 2018). Deep Transformers without skips can match the usual ones as well, but they needed several times more steps (He et al., 2023)."},
		{heading, "4 How much to write"},
		{paragraph, "A skip alone does not make depth safe, because every block writes onto the same path. If each block adds a change as large as the state itself, the variance doubles with every block and the first content is soon buried. Therefore the deeper the stack, the smaller each write should start. De and Smith (2020) showed that batch normalisation has this effect without being asked: it shrinks the branch relative to the skip by about the square root of the depth. Zhang et al. (2019) reached the same stability without normalisation by scaling the first weights of each branch. ReZero goes furthest and multiplies each branch by a learned number that starts at zero (Bachlechner et al., 2020). DeepNet scales up the identity and scales down the branch weights, and so trained Transformers of a thousand layers (Wang et al., 2022)."},
		{paragraph, "Writing too little has a price of its own. Liu et al. (2020) observed that a Transformer that leans only lightly on its branches is stable but limited in what it can reach. So the write rate has a best value, and the best value falls with depth. Normalisation is a second handle on the same knob, but its place matters. Inside the branch it keeps the writes small; on the path itself it changes the memory at every step, and deep networks suffer from that (He et al., 2016). A plain network is not saved by normalisation alone, because there batch normalisation itself makes gradients grow exponentially with depth (Yang et al., 2019)."},
		{heading, "5 To add, to append or to gate"},
		{paragraph, "Adding is cheap and lets layers refine one estimate together, but it also overwrites. Greff et al. (2016) describe the blocks of one stage as steps that improve the same features, which fits addition well. Appending keeps everything that was written, so later layers can be narrow and still read it; the price is that the state grows (Huang et al., 2016a). A sensible rule follows from this: add where the result is a better version of the input, and append where different things must survive side by side."},
		{paragraph, "A gate decides for each input what to hold and what to erase. That pays when the decision depends on the content, as in recurrent networks that must replace an old item by a new one on a cue. Gers et al. (2000) had to add a forget gate for exactly this reason, since without it the state could grow without bound. In feed-forward networks the case for gates is weaker: He et al. (2016) found that gated shortcuts trained worse than plain ones. Where gates are used, they should start in the holding position, because a gate that starts half open forgets quickly (Jozefowicz et al., 2015)."},
		{heading, "6 Skips across a bottleneck"},
		{paragraph, "Long skips solve another problem. When a network shrinks an image, it keeps what is shown and loses where exactly the edges are. If the answer must be drawn at full resolution, the lost detail has to come from somewhere, and the long link of a U-Net hands it over (Ronneberger et al., 2015). Drozdzal et al. (2016) found that very deep segmentation networks need both kinds: short skips keep them trainable and long skips restore detail. The argument also says when long skips are useless, namely when the target is coarse or when the detail is mostly noise. Indeed Wang et al. (2021) report data sets on which a U-Net is better without any skip, because encoder and decoder features did not match. In latent diffusion a Transformer without long skips can do as well as a U-Net (Peebles and Xie, 2022), although Bao et al. (2022) found the long skip crucial in theirs."},
		{heading, "7 When not to use a skip"},
		{paragraph, "A skip repairs a deficit, and without a deficit it has little to do. With 18 layers, plain and residual networks ended equally accurate, and the skip only sped up the start (He et al., 2015). Shallow or wide networks keep a smooth loss surface without skips. More depth is no aim in itself: a residual network of 1202 layers could be trained, yet it did worse on test images than one of 110 layers. Zagoruyko and Komodakis (2016) showed that a wide network of 16 layers does better than a very thin one of a thousand."},
		{paragraph, "A skip can even do harm, because it offers a way around the work. If the input nearly is the target, as in denoising with little noise, the network may copy through the skip and learn a poor code in between. Zhang et al. (2024) argue that the identity path carries an echo of shallow features into deep layers and so limits abstraction; letting it decay with depth improved the features. In diffusion models too much detail from the skips can make the decoder neglect its backbone (Si et al., 2023). The rule is short: where the code in the middle is what you want, do not let the output bypass it."},
		{heading, "8 What a trained network looks like"},
		{paragraph, "When many blocks each write a little, no single block is indispensable. Veit et al. (2016) deleted one block of a trained residual network and the error hardly changed, whereas deleting one layer of a plain network destroyed it. They read the network as a collection of many paths of different lengths and found that most of the gradient flows through the short ones. Stochastic depth uses the same fact in training and drops blocks at random (Huang et al., 2016b). Nevertheless such a network is not a committee of independent members, and deleting many blocks at once still costs a great deal."},
		{heading, "9 A memory with a write rate"},
		{paragraph, "These reasons fit into one picture. A skip is a memory: it is read somewhere, joined in some way, and written over at some rate. Its benefit is the learning signal that it keeps usable plus the detail that it carries past a bottleneck. Its cost is what gets overwritten or explodes when writes are large, what collides in a shared state, and what is left undone because the bypass was easier. Designs differ only in how they set these terms. The picture is useful because each term can be measured and each can turn out wrong."},
		{paragraph, "It makes predictions that small experiments can test. The gain from skips should grow with depth and be near zero in a network of two layers. The best fixed size of a write should fall roughly as one over the square root of the depth. Long skips should help less and less as the target becomes coarser. Gates should win only where a cue decides what to keep. Rescaling gradients layer by layer should not rescue a plain network; if it does, the first reason must be rewritten. A principle that no experiment could refute would not be worth having."},
	}
}

// references lists the works cited, in the order of the list, by their key in the study's references.bib.
func references() []reference {
	return []reference{
		{"bachlechner2020rezero", 2020, "T. Bachlechner, B. P. Majumder, H. H. Mao, G. W. Cottrell, and J. McAuley. ReZero is all you need: Fast convergence at large depth. arXiv:2003.04887, 2020."},
		{"balduzzi2017shattered", 2017, "D. Balduzzi, M. Frean, L. Leary, J. P. Lewis, K. W.-D. Ma, and B. McWilliams. The shattered gradients problem: If resnets are the answer, then what is the question? In ICML, 2017."},
		{"bao2022uvit", 2022, "F. Bao, S. Nie, K. Xue, Y. Cao, C. Li, H. Su, and J. Zhu. All are worth words: A ViT backbone for diffusion models. arXiv:2209.12152, 2022."},
		{"de2020skipinit", 2020, "S. De and S. L. Smith. Batch normalization biases residual blocks towards the identity function in deep networks. In NeurIPS, 2020."},
		{"ding2021repvgg", 2021, "X. Ding, X. Zhang, N. Ma, J. Han, G. Ding, and J. Sun. RepVGG: Making VGG-style ConvNets great again. In CVPR, 2021."},
		{"dong2021attention", 2021, "Y. Dong, J.-B. Cordonnier, and A. Loukas. Attention is not all you need: Pure attention loses rank doubly exponentially with depth. In ICML, 2021."},
		{"drozdzal2016skip", 2016, "M. Drozdzal, E. Vorontsov, G. Chartrand, S. Kadoury, and C. Pal. The importance of skip connections in biomedical image segmentation. arXiv:1608.04117, 2016."},
		{"gers2000forget", 2000, "F. A. Gers, J. Schmidhuber, and F. Cummins. Learning to forget: Continual prediction with LSTM. Neural Computation, 2000."},
		{"greff2016unrolled", 2016, "K. Greff, R. K. Srivastava, and J. Schmidhuber. Highway and residual networks learn unrolled iterative estimation. arXiv:1612.07771, 2016."},
		{"hanin2018gradients", 2018, "B. Hanin. Which neural net architectures give rise to exploding and vanishing gradients? In NeurIPS, 2018."},
		{"he2015resnet", 2015, "K. He, X. Zhang, S. Ren, and J. Sun. Deep residual learning for image recognition. arXiv:1512.03385, 2015."},
		{"he2016identity", 2016, "K. He, X. Zhang, S. Ren, and J. Sun. Identity mappings in deep residual networks. In ECCV, 2016."},
		{"he2023shortcuts", 2023, "B. He, J. Martens, G. Zhang, A. Botev, A. Brock, S. L. Smith, and Y. W. Teh. Deep transformers without shortcuts: Modifying self-attention for faithful signal propagation. In ICLR, 2023."},
		{"hochreiter1997lstm", 1997, "S. Hochreiter and J. Schmidhuber. Long short-term memory. Neural Computation, 1997."},
		{"huang2016densenet", 2016, "G. Huang, Z. Liu, L. van der Maaten, and K. Q. Weinberger. Densely connected convolutional networks. arXiv:1608.06993, 2016a."},
		{"huang2016stochastic", 2016, "G. Huang, Y. Sun, Z. Liu, D. Sedra, and K. Weinberger. Deep networks with stochastic depth. In ECCV, 2016b."},
		{"jozefowicz2015rnn", 2015, "R. Jozefowicz, W. Zaremba, and I. Sutskever. An empirical exploration of recurrent network architectures. In ICML, 2015."},
		{"li2018landscape", 2018, "H. Li, Z. Xu, G. Taylor, C. Studer, and T. Goldstein. Visualizing the loss landscape of neural nets. In NeurIPS, 2018."},
		{"liu2020admin", 2020, "L. Liu, X. Liu, J. Gao, W. Chen, and J. Han. Understanding the difficulty of training transformers. arXiv:2004.08249, 2020."},
		{"orhan2017singularities", 2017, "A. E. Orhan and X. Pitkow. Skip connections eliminate singularities. arXiv:1701.09175, 2017."},
		{"peebles2022dit", 2022, "W. Peebles and S. Xie. Scalable diffusion models with transformers. arXiv:2212.09748, 2022."},
		{"ronneberger2015unet", 2015, "O. Ronneberger, P. Fischer, and T. Brox. U-Net: Convolutional networks for biomedical image segmentation. In MICCAI, 2015."},
		{"si2023freeu", 2023, "C. Si, Z. Huang, Y. Jiang, and Z. Liu. FreeU: Free lunch in diffusion U-Net. arXiv:2309.11497, 2023."},
		{"srivastava2015highway", 2015, "R. K. Srivastava, K. Greff, and J. Schmidhuber. Highway networks. arXiv:1505.00387, 2015."},
		{"veit2016ensembles", 2016, "A. Veit, M. Wilber, and S. Belongie. Residual networks behave like ensembles of relatively shallow networks. In NeurIPS, 2016."},
		{"wang2021uctransnet", 2021, "H. Wang, P. Cao, J. Wang, and O. R. Zaiane. UCTransNet: Rethinking the skip connections in U-Net from a channel-wise perspective with transformer. arXiv:2109.04335, 2021."},
		{"wang2022deepnet", 2022, "H. Wang, S. Ma, L. Dong, S. Huang, D. Zhang, and F. Wei. DeepNet: Scaling transformers to 1,000 layers. arXiv:2203.00555, 2022."},
		{"xiao2018isometry", 2018, "L. Xiao, Y. Bahri, J. Sohl-Dickstein, S. S. Schoenholz, and J. Pennington. Dynamical isometry and a mean field theory of CNNs: How to train 10,000-layer vanilla convolutional neural networks. In ICML, 2018."},
		{"yang2019bnmeanfield", 2019, "G. Yang, J. Pennington, V. Rao, J. Sohl-Dickstein, and S. S. Schoenholz. A mean field theory of batch normalization. In ICLR, 2019."},
		{"zagoruyko2016wide", 2016, "S. Zagoruyko and N. Komodakis. Wide residual networks. arXiv:1605.07146, 2016."},
		{"zhang2019fixup", 2019, "H. Zhang, Y. N. Dauphin, and T. Ma. Fixup initialization: Residual learning without normalization. In ICLR, 2019."},
		{"zhang2024harm", 2024, "X. Zhang, R. Jiang, W. Gao, R. Willett, and M. Maire. Residual connections harm generative representation learning. arXiv:2404.10947, 2024."},
	}
}

type reference struct {
	key  string
	year int
	text string
}
