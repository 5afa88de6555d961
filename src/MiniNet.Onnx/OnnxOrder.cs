namespace MiniNet;

/// <summary>In which order ONNX files have the axes of images and sequences.</summary>
public enum OnnxOrder
{
    /// <summary>As MiniNet has them: [batch, height, width, channels], [batch, steps, features].</summary>
    ChannelsLast,

    /// <summary>As PyTorch and the operators of ONNX have them: [batch, channels, height, width], [batch, features, steps].</summary>
    ChannelsFirst,
}
