package disk;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** The folder of the disks, which has to be empty at first and is empty again afterwards. */
final class WorkFolder {

    private final Path root;
    private final boolean wasThere;

    private WorkFolder(Path root, boolean wasThere) {
        this.root = root;
        this.wasThere = wasThere;
    }

    static WorkFolder take(Path folder) throws IOException {
        boolean wasThere = Files.exists(folder);
        Path root = Files.createDirectories(folder).toRealPath();
        try (Stream<Path> inside = Files.list(root)) {
            if (inside.findAny().isPresent()) {
                List<MountTable.Entry> mounts = MountTable.below(root);
                throw new IOException("disks need an empty folder, and " + root + " is not" + (mounts.isEmpty() ? ""
                        : "; an earlier run left mounts there: umount " + mounts.get(0).folder()));
            }
        }
        return new WorkFolder(root, wasThere);
    }

    Path root() {
        return root;
    }

    Path make(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    void leave() throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        if (!MountTable.below(root).isEmpty()) { // or the files on the mounted volume would be deleted
            throw new IOException("leaving " + root + ": still mounted: " + MountTable.below(root).get(0).folder());
        }
        try (Stream<Path> inside = Files.list(root)) {
            for (Path each : inside.toList()) {
                delete(each);
            }
        }
        if (!wasThere) {
            Files.delete(root);
        }
    }

    static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
