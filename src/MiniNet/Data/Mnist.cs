using System.Numerics;

namespace MiniNet;

/// <summary>MNIST: 28 × 28 images of handwritten digits, 60,000 to train on and 10,000 to test on, from its four files in a folder.</summary>
/// <remarks>LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998. The files, plain or gzip, are not part of this library.</remarks>
public static class Mnist
{
    private const int Digits = 10;

    /// <summary>The training images, bytes scaled to 0 … 1 in (28, 28, 1), with one-hot digits.</summary>
    /// <param name="folder">Where train-images-idx3-ubyte and train-labels-idx1-ubyte lie, plain or with .gz.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static Dataset<T> LoadTrain<T>(string folder) where T : unmanaged, IFloatingPointIeee754<T> => Load<T>(folder, "train");

    /// <summary>The test images, bytes scaled to 0 … 1 in (28, 28, 1), with one-hot digits.</summary>
    /// <param name="folder">Where t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte lie, plain or with .gz.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static Dataset<T> LoadTest<T>(string folder) where T : unmanaged, IFloatingPointIeee754<T> => Load<T>(folder, "t10k");

    private static Dataset<T> Load<T>(string folder, string set) where T : unmanaged, IFloatingPointIeee754<T> =>
        Dataset.FromIdx<T>(Find(folder, $"{set}-images-idx3-ubyte"), Find(folder, $"{set}-labels-idx1-ubyte"), Digits);

    private static string Find(string folder, string name)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The folder {folder} does not exist. Give the one with the four files of MNIST.");
        foreach (string candidate in (string[])[name, name + ".gz"])
        {
            string path = Path.Combine(folder, candidate);
            if (File.Exists(path))
                return path;
        }
        throw new FileNotFoundException($"{Path.Combine(folder, name)} is not there, nor the same with .gz. Put the four files of MNIST into the folder.", Path.Combine(folder, name));
    }
}
