// Runs a list of XSLT jobs with Saxon-HE in one JVM and tells the time of each: `java -cp Saxon-HE.jar Witness.java JOBS`.
// JOBS is a UTF-8 file of tab-separated lines:
//   transform  STYLESHEET  SOURCE  RESULT  [name=value ...]   compiles the stylesheet (kept as long as the next job uses the same)
//                                                             and transforms one document; parameters are stylesheet parameters
//   load       STYLESHEET                                     compiles only
//   repeat     N  STYLESHEET  SOURCE                          N untold rounds, result thrown away (warming up before a measure)
// Answers on standard output, one tab-separated line a job: `ok|error  milliseconds  compile milliseconds  code  message`, then
// `end  peak heap in bytes`. A transformation that fails leaves no RESULT.
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.transform.ErrorListener;
import javax.xml.transform.TransformerException;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;
import net.sf.saxon.s9api.XdmAtomicValue;
import net.sf.saxon.s9api.XdmValue;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;

public class Witness {
  private static final Processor PROCESSOR = new Processor(false);
  private static String loaded = "";
  private static XsltExecutable executable;

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<String> jobs = Files.readAllLines(Path.of(args[0]), StandardCharsets.UTF_8);
    for (String line : jobs) {
      String[] job = line.split("\t");
      long compile = 0;
      long started = System.nanoTime();
      try {
        String stylesheet = job[0].equals("repeat") ? job[2] : job[1];
        Map<QName, XdmValue> parameters = new HashMap<>();
        for (int i = 4; i < job.length && job[0].equals("transform"); i++) {
          int equals = job[i].indexOf('=');
          parameters.put(new QName(job[i].substring(0, equals)), new XdmAtomicValue(job[i].substring(equals + 1)));
        }
        if (!stylesheet.equals(loaded)) {
          executable = null;
          XsltCompiler compiler = PROCESSOR.newXsltCompiler();
          compiler.setErrorListener(QUIET);
          executable = compiler.compile(new StreamSource(new File(stylesheet)));
          loaded = stylesheet;
          compile = System.nanoTime() - started;
          started = System.nanoTime();
        }
        if (job[0].equals("transform")) {
          File result = new File(job[3]);
          try {
            run(parameters, job[2], PROCESSOR.newSerializer(result));
          } catch (SaxonApiException failure) {
            Files.deleteIfExists(result.toPath());
            throw failure;
          }
        } else if (job[0].equals("repeat")) {
          for (int i = 0; i < Integer.parseInt(job[1]); i++) {
            run(parameters, job[3], PROCESSOR.newSerializer(new ByteArrayOutputStream()));
          }
        }
        out.println("ok\t" + millis(System.nanoTime() - started) + "\t" + millis(compile) + "\t\t");
      } catch (SaxonApiException failure) {
        loaded = executable == null ? "" : loaded;
        String code = failure.getErrorCode() == null ? "" : failure.getErrorCode().getLocalName();
        String message = String.valueOf(failure.getMessage()).replaceAll("\\s+", " ");
        out.println(
            "error\t" + millis(System.nanoTime() - started) + "\t" + millis(compile) + "\t" + code + "\t" + message);
      }
    }
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) peak += pool.getPeakUsage().getUsed();
    }
    out.println("end\t" + peak);
  }

  private static void run(Map<QName, XdmValue> parameters, String source, Serializer to) throws SaxonApiException {
    Xslt30Transformer transformer = executable.load30();
    transformer.setErrorListener(QUIET);
    transformer.setStylesheetParameters(parameters);
    transformer.transform(new StreamSource(new File(source)), to);
  }

  private static String millis(long nanoseconds) {
    return String.valueOf(nanoseconds / 1000 / 1000.0);
  }

  /** Warnings are not shown; errors come as exceptions. */
  private static final ErrorListener QUIET =
      new ErrorListener() {
        @Override
        public void warning(TransformerException exception) {}

        @Override
        public void error(TransformerException exception) {}

        @Override
        public void fatalError(TransformerException exception) {}
      };
}
