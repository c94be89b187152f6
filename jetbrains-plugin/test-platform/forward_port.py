#!/usr/bin/env python3
"""FORWARD PORTS: a few API names that are newer than 183, added to the TEST platform only, so that one plugin source
compiles and runs on it and is binary-compatible with 2022.3+. Written for this study; keep the list short."""
import os,re,sys
os.chdir(sys.argv[1]); P='platform/'
def sub(f,*prs):
    s=open(f,encoding='utf8').read()
    for a,b in prs:
        if b in s: continue
        if a not in s: print('NOT FOUND',f,a[:60]); continue
        s=s.replace(a,b,1)
    open(f,'w',encoding='utf8').write(s)
def new(f,s):
    os.makedirs(os.path.dirname(f),exist_ok=True); open(f,'w').write('// FORWARD PORT (newer API, test platform only)\n'+s)
# 2019.3: ComponentManager.getService
sub(P+'core-api/src/com/intellij/openapi/components/ComponentManager.java',('public interface ComponentManager extends UserDataHolder, Disposable {','''public interface ComponentManager extends UserDataHolder, Disposable {
  /** FORWARD PORT (2019.3) */
  @SuppressWarnings("unchecked")
  default <T> T getService(@NotNull Class<T> serviceClass) { return (T)getPicoContainer().getComponentInstance(serviceClass.getName()); }
'''))
# 2022.3 (2022.2): ActionUpdateThread
new(P+'editor-ui-api/src/com/intellij/openapi/actionSystem/ActionUpdateThread.java','''package com.intellij.openapi.actionSystem;
public enum ActionUpdateThread { BGT, EDT, OLD_EDT }
''')
sub(P+'editor-ui-api/src/com/intellij/openapi/actionSystem/AnAction.java',('public abstract class AnAction implements PossiblyDumbAware {','''public abstract class AnAction implements PossiblyDumbAware {
  /** FORWARD PORT (2022.2) */
  @NotNull
  public ActionUpdateThread getActionUpdateThread() { return ActionUpdateThread.OLD_EDT; }
'''))
# 2020.1: StatusBarWidget.getPresentation(), StatusBarWidgetFactory
sub(P+'platform-api/src/com/intellij/openapi/wm/StatusBarWidget.java',('  @Nullable\n  WidgetPresentation getPresentation(@NotNull PlatformType type);','''  /** FORWARD PORT (2020.1) */
  @Nullable
  default WidgetPresentation getPresentation() { return null; }

  @Nullable
  default WidgetPresentation getPresentation(@NotNull PlatformType type) { return getPresentation(); }'''))
new(P+'platform-api/src/com/intellij/openapi/wm/StatusBarWidgetFactory.java','''package com.intellij.openapi.wm;
import com.intellij.openapi.extensions.ExtensionPointName;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.util.Disposer;
import org.jetbrains.annotations.NotNull;
public interface StatusBarWidgetFactory {
  ExtensionPointName<StatusBarWidgetFactory> EP_NAME = ExtensionPointName.create("com.intellij.statusBarWidgetFactory");
  @NotNull String getId();
  @NotNull String getDisplayName();
  default boolean isAvailable(@NotNull Project project) { return true; }
  @NotNull StatusBarWidget createWidget(@NotNull Project project);
  default void disposeWidget(@NotNull StatusBarWidget widget) { Disposer.dispose(widget); }
  default boolean canBeEnabledOn(@NotNull StatusBar statusBar) { return true; }
}
''')
# 2020.3: NotificationGroupManager + EP notificationGroup
new(P+'platform-api/src/com/intellij/notification/NotificationGroupManager.java','''package com.intellij.notification;
import org.jetbrains.annotations.NotNull;
public interface NotificationGroupManager {
  static NotificationGroupManager getInstance() { return NotificationGroupManagerImpl.INSTANCE; }
  NotificationGroup getNotificationGroup(@NotNull String groupId);
}
''')
new(P+'platform-api/src/com/intellij/notification/NotificationGroupManagerImpl.java','''package com.intellij.notification;
class NotificationGroupManagerImpl implements NotificationGroupManager {
  static final NotificationGroupManagerImpl INSTANCE = new NotificationGroupManagerImpl();
  @Override public NotificationGroup getNotificationGroup(String id) {
    NotificationGroup g = NotificationGroup.findRegisteredGroup(id);
    if (g == null) for (NotificationGroupEP ep : NotificationGroupEP.EP_NAME.getExtensions()) {
      if (id.equals(ep.id)) g = new NotificationGroup(id, NotificationDisplayType.valueOf(ep.displayType), true);
    }
    return g;
  }
}
''')
new(P+'platform-api/src/com/intellij/notification/NotificationGroupEP.java','''package com.intellij.notification;
import com.intellij.openapi.extensions.ExtensionPointName;
import com.intellij.util.xmlb.annotations.Attribute;
public final class NotificationGroupEP {
  public static final ExtensionPointName<NotificationGroupEP> EP_NAME = ExtensionPointName.create("com.intellij.notificationGroup");
  @Attribute("id") public String id;
  @Attribute("displayType") public String displayType = "BALLOON";
}
''')
sub(P+'platform-resources/src/META-INF/PlatformExtensionPoints.xml',('    <extensionPoint name="statusBarWidgetProvider"','''    <extensionPoint name="statusBarWidgetFactory" interface="com.intellij.openapi.wm.StatusBarWidgetFactory"/>
    <extensionPoint name="notificationGroup" beanClass="com.intellij.notification.NotificationGroupEP"/>
    <extensionPoint name="statusBarWidgetProvider"'''))
# 2020.1: StatusBarWidgetFactory widgets in the real frame
sub(P+'platform-impl/src/com/intellij/openapi/wm/impl/IdeFrameImpl.java',('''    Disposer.register(project, () -> {
      for (String widgetID: widgetIDs) {''','''    for (StatusBarWidgetFactory factory : StatusBarWidgetFactory.EP_NAME.getExtensions()) { /* FORWARD PORT (2020.1) */
      if (factory.isAvailable(project)) addWidget(statusBar, factory.createWidget(project), StatusBar.Anchors.before(IdeMessagePanel.FATAL_ERROR));
    }

    Disposer.register(project, () -> {
      for (String widgetID: widgetIDs) {'''))
# 2022.3: ContentFactory.getInstance()
sub(P+'platform-api/src/com/intellij/ui/content/ContentFactory.java',('public interface ContentFactory {','''public interface ContentFactory {
  /** FORWARD PORT (2022.3) */
  static ContentFactory getInstance() { return ServiceManager.getService(ContentFactory.class); }
'''))
# 2020.1: AnnotationHolder.newAnnotation(..).range(..).create()
new(P+'analysis-api/src/com/intellij/lang/annotation/AnnotationBuilder.java','''package com.intellij.lang.annotation;
import com.intellij.codeInsight.intention.IntentionAction;
import com.intellij.codeInspection.ProblemHighlightType;
import com.intellij.openapi.util.TextRange;
import com.intellij.psi.PsiElement;
import org.jetbrains.annotations.NotNull;
/** the part of the newer interface that plugins here use */
public interface AnnotationBuilder {
  @NotNull AnnotationBuilder range(@NotNull TextRange range);
  @NotNull AnnotationBuilder range(@NotNull PsiElement element);
  @NotNull AnnotationBuilder highlightType(@NotNull ProblemHighlightType highlightType);
  @NotNull AnnotationBuilder tooltip(@NotNull String tooltip);
  @NotNull AnnotationBuilder withFix(@NotNull IntentionAction fix);
  void create();
}
''')
new(P+'analysis-api/src/com/intellij/lang/annotation/AnnotationBuilderForwardPort.java','''package com.intellij.lang.annotation;
import com.intellij.codeInsight.intention.IntentionAction;
import com.intellij.codeInspection.ProblemHighlightType;
import com.intellij.openapi.util.TextRange;
import com.intellij.psi.PsiElement;
import java.util.ArrayList;
import java.util.List;
class AnnotationBuilderForwardPort implements AnnotationBuilder {
  private final AnnotationHolder holder; private final HighlightSeverity severity; private final String message;
  private TextRange range; private ProblemHighlightType type; private String tooltip; private final List<IntentionAction> fixes = new ArrayList<>();
  AnnotationBuilderForwardPort(AnnotationHolder h, HighlightSeverity s, String m) { holder = h; severity = s; message = m; }
  @Override public AnnotationBuilder range(TextRange r) { range = r; return this; }
  @Override public AnnotationBuilder range(PsiElement e) { range = e.getTextRange(); return this; }
  @Override public AnnotationBuilder highlightType(ProblemHighlightType t) { type = t; return this; }
  @Override public AnnotationBuilder tooltip(String t) { tooltip = t; return this; }
  @Override public AnnotationBuilder withFix(IntentionAction f) { fixes.add(f); return this; }
  @Override public void create() {
    if (range == null) throw new IllegalStateException("range() was not called");
    Annotation a = tooltip == null ? holder.createAnnotation(severity, range, message) : holder.createAnnotation(severity, range, message, tooltip);
    if (type != null) a.setHighlightType(type);
    for (IntentionAction f : fixes) a.registerFix(f);
  }
}
''')
sub(P+'analysis-api/src/com/intellij/lang/annotation/AnnotationHolder.java',('public interface AnnotationHolder {','''public interface AnnotationHolder {
  /** FORWARD PORT (2020.1) */
  @NotNull
  default AnnotationBuilder newAnnotation(@NotNull HighlightSeverity severity, @NotNull String message) { return new AnnotationBuilderForwardPort(this, severity, message); }
'''))
# 2022.1: what a fix would change, shown before it is applied
new(P+'analysis-api/src/com/intellij/codeInsight/intention/preview/IntentionPreviewInfo.java','''package com.intellij.codeInsight.intention.preview;
import com.intellij.openapi.fileTypes.FileType;
import org.jetbrains.annotations.NotNull;
public interface IntentionPreviewInfo {
  IntentionPreviewInfo EMPTY = new IntentionPreviewInfo() {};
  class CustomDiff implements IntentionPreviewInfo {
    private final FileType type; private final String before; private final String after;
    public CustomDiff(@NotNull FileType type, @NotNull String before, @NotNull String after) { this.type = type; this.before = before; this.after = after; }
    public FileType fileType() { return type; }
    public String originalText() { return before; }
    public String modifiedText() { return after; }
  }
}
''')
# 2020.1: what is told when a lookup popup opens and closes
new(P+'lang-impl/src/com/intellij/codeInsight/lookup/LookupManagerListener.java','''package com.intellij.codeInsight.lookup;
import com.intellij.util.messages.Topic;
import org.jetbrains.annotations.Nullable;
public interface LookupManagerListener {
  Topic<LookupManagerListener> TOPIC = new Topic<>(LookupManagerListener.class.getSimpleName(), LookupManagerListener.class);
  void activeLookupChanged(@Nullable Lookup oldLookup, @Nullable Lookup newLookup);
}
''')
LOOKUP='    myPropertyChangeSupport.firePropertyChange(PROP_ACTIVE_LOOKUP, '
TELL='myProject.getMessageBus().syncPublisher(com.intellij.codeInsight.lookup.LookupManagerListener.TOPIC).activeLookupChanged('
sub(P+'lang-impl/src/com/intellij/codeInsight/lookup/impl/LookupManagerImpl.java',
    ('    '+LOOKUP+'lookup, null);','    '+LOOKUP+'lookup, null);\n        '+TELL+'lookup, null);'),
    (LOOKUP+'null, myActiveLookup);',LOOKUP+'null, myActiveLookup);\n    '+TELL+'null, myActiveLookup);'))
import glob
sub(glob.glob(P+'*/src/com/intellij/codeInsight/intention/IntentionAction.java')[0],('public interface IntentionAction extends FileModifier {','''public interface IntentionAction extends FileModifier {
  /** FORWARD PORT (2022.1) */
  @NotNull
  default com.intellij.codeInsight.intention.preview.IntentionPreviewInfo generatePreview(@NotNull com.intellij.openapi.project.Project project, @NotNull com.intellij.openapi.editor.Editor editor, @NotNull com.intellij.psi.PsiFile file) { return com.intellij.codeInsight.intention.preview.IntentionPreviewInfo.EMPTY; }
'''))
