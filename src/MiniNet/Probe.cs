using System.Numerics;

namespace MiniNet;

/// <summary>Looks on while a pass runs, layer by layer. Diagnosis uses it; ordinary passes have none.</summary>
internal abstract class Probe<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal virtual void AfterForward(in Pass<T> pass)
    {
    }

    internal virtual void BeforeBackward(in Pass<T> pass)
    {
    }

    /// <summary>The gradient of the output may be gone by now, overwritten by that of the input.</summary>
    internal virtual void AfterBackward(in Pass<T> pass)
    {
    }
}
