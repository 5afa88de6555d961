Console.WriteLine("0 1 1 0");
